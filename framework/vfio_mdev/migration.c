// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live migration: VFIO's calls for a parent that has mdev_migration_ops.
 *
 * There is no log_ops. Whoever sets them is asked for a bitmap of what the device has written,
 * which a kernel without CONFIG_IOMMUFD_DRIVER cannot make. Without them the user takes the
 * container's, and type1 knows what was pinned and what vfio_dma_rw() has written.
 */
#include <linux/uaccess.h>

#include "../mdev/migration.h"
#include "bridge.h"
#include "migration.h"

static const struct mdev_migration_ops *mdv_migration_of(struct mdv_bridge *b)
{
	return b->ops->migration;
}

/* The user's number comes as he gave it. */
static struct file *mdv_migration_set_state(struct vfio_device *vdev,
					    enum vfio_device_mig_state state)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);
	struct file *file;
	int ret;

	if (!mdk_mdev_migration_may(vdev->migration_flags, state))
		return ERR_PTR(-EINVAL);
	mdv_bridge_touch(b);
	file = mdv_migration_of(b)->set_state(&b->mdev->base, state);
	ret = mdk_mdev_migration_errno(file);
	if (ret)
		return ERR_PTR(mdk_mdev_errno(b->mdev, "migration.set_state", ret));
	return file;
}

/* A file of debugfs asks while the device is closed, too: then it is no vendor's business. */
static int mdv_migration_get_state(struct vfio_device *vdev, enum vfio_device_mig_state *state)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);
	u32 now = VFIO_DEVICE_STATE_RUNNING;
	int ret = 0;

	mutex_lock(&b->migration_lock);
	if (b->opened)
		ret = mdv_migration_of(b)->get_state(&b->mdev->base, &now);
	mutex_unlock(&b->migration_lock);
	*state = now;
	return mdk_mdev_errno(b->mdev, "migration.get_state", ret);
}

static int mdv_migration_get_data_size(struct vfio_device *vdev, unsigned long *size)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);

	*size = 0;
	return mdk_mdev_errno(b->mdev, "migration.get_data_size",
			      mdv_migration_of(b)->get_data_size(&b->mdev->base, size));
}

static const struct vfio_migration_ops mdv_migration_ops = {
	.migration_set_state = mdv_migration_set_state,
	.migration_get_state = mdv_migration_get_state,
	MDK_VFIO_MIG_DATA_SIZE_OP(mdv_migration_get_data_size)
};

/* VFIO_DEVICE_FEATURE_MIG_DATA_SIZE, without which QEMU reckons with 100 GiB and never switches. */
int mdv_migration_feature(struct vfio_device *vdev, u32 flags, void __user *arg, size_t argsz)
{
	struct vfio_device_feature_mig_data_size reply = {};
	unsigned long size;
	int ret;

	if ((flags & VFIO_DEVICE_FEATURE_MASK) != VFIO_DEVICE_FEATURE_MIG_DATA_SIZE ||
	    !vdev->mig_ops)
		return -ENOTTY;
	ret = vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_GET, sizeof(reply));
	if (ret != 1)
		return ret;
	ret = mdv_migration_get_data_size(vdev, &size);
	if (ret)
		return ret;
	reply.stop_copy_length = size;
	return copy_to_user(arg, &reply, sizeof(reply)) ? -EFAULT : 0;
}

static void mdv_migration_set_opened(struct mdv_bridge *b, bool opened)
{
	mutex_lock(&b->migration_lock);
	b->opened = opened;
	mutex_unlock(&b->migration_lock);
}

void mdv_migration_open(struct mdv_bridge *b)
{
	mdv_migration_set_opened(b, true);
}

void mdv_migration_close(struct mdv_bridge *b)
{
	mdv_migration_set_opened(b, false);
}

void mdv_migration_init(struct mdv_bridge *b)
{
	mutex_init(&b->migration_lock);
	if (!mdv_migration_of(b))
		return;
	b->vdev.mig_ops = &mdv_migration_ops;
	b->vdev.migration_flags = mdv_migration_of(b)->flags & MDK_MIGRATION_KNOWN;
}
