/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO_DEVICE_GET_REGION_INFO. */
#ifndef MDK_VFIO_MDEV_INFO_H
#define MDK_VFIO_MDEV_INFO_H

struct mdk_bridge;

long mdk_bridge_region_info(struct mdk_bridge *b, unsigned long arg);

#endif /* MDK_VFIO_MDEV_INFO_H */
