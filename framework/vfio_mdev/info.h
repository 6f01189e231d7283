/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO_DEVICE_GET_REGION_INFO. */
#ifndef MDK_VFIO_MDEV_INFO_H
#define MDK_VFIO_MDEV_INFO_H

struct mdv_bridge;

long mdv_bridge_region_info(struct mdv_bridge *b, unsigned long arg);

#endif /* MDK_VFIO_MDEV_INFO_H */
