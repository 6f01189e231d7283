/* SPDX-License-Identifier: GPL-2.0-only */
/* From create to remove. */
#ifndef MDK_LIFECYCLE_H
#define MDK_LIFECYCLE_H

#include <mdev_sdk/mdev.h>

int mdk_create(struct kobject *kobj, struct mdev_device *mdev);
int mdk_remove(struct mdev_device *mdev);
int mdk_open(struct mdev_device *mdev);
void mdk_close(struct mdev_device *mdev);
void mdk_request(struct mdev_device *mdev, unsigned int count);

#endif /* MDK_LIFECYCLE_H */
