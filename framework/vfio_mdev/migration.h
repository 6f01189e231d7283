/* SPDX-License-Identifier: GPL-2.0-only */
/* Live migration. */
#ifndef MDK_VFIO_MDEV_MIGRATION_H
#define MDK_VFIO_MDEV_MIGRATION_H

#include <linux/types.h>

struct mdv_bridge;
struct vfio_device;

/* Before the device is registered. */
void mdv_migration_init(struct mdv_bridge *b);
/* After the vendor's open, and before his release. */
void mdv_migration_open(struct mdv_bridge *b);
void mdv_migration_close(struct mdv_bridge *b);

/* The op device_feature: of what the kernel itself does not answer. */
int mdv_migration_feature(struct vfio_device *vdev, u32 flags, void __user *arg, size_t argsz);

#endif /* MDK_VFIO_MDEV_MIGRATION_H */
