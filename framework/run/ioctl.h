/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO_DEVICE_* of an instance. */
#ifndef MDK_IOCTL_H
#define MDK_IOCTL_H

#include <mdev_sdk/mdev.h>

int mdk_get_region_info(struct mdev_device *mdev, struct vfio_region_info *info,
			struct vfio_info_cap *caps);
long mdk_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg);

#endif /* MDK_IOCTL_H */
