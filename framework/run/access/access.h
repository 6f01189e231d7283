/* SPDX-License-Identifier: GPL-2.0-only */
/* read(2) and write(2) on a device. */
#ifndef MDK_ACCESS_H
#define MDK_ACCESS_H

#include <mdev_sdk/mdev.h>

ssize_t mdk_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos);
ssize_t mdk_write(struct mdev_device *mdev, const char __user *buf, size_t count, loff_t *ppos);

#endif /* MDK_ACCESS_H */
