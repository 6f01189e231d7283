// SPDX-License-Identifier: GPL-2.0-only
/* Given back before its place is emptied below the lock; what has the device is read after it. */
#include <linux/debugfs.h>
#include <linux/eventfd.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

struct lathe {
	struct vfio_device vdev;
	spinlock_t lock;
	struct mutex mutex;
	struct eventfd_ctx *done;
	void *program;
	struct dentry *dir;
	u32 steps;
};

static void lathe_ring(struct lathe *lathe)
{
	spin_lock(&lathe->lock);
	if (lathe->done)
		eventfd_signal(lathe->done);
	spin_unlock(&lathe->lock);
}

static void lathe_set(struct lathe *lathe, struct eventfd_ctx *ctx)
{
	if (lathe->done)
		eventfd_ctx_put(lathe->done); /* finds: mdev-after-put */
	spin_lock(&lathe->lock);
	lathe->done = ctx;
	spin_unlock(&lathe->lock);
}

static void lathe_forget(struct lathe *lathe)
{
	void *program;

	mutex_lock(&lathe->mutex);
	program = lathe->program;
	mutex_unlock(&lathe->mutex);
	kfree(program); /* finds: mdev-after-put */
	guard(mutex)(&lathe->mutex);
	lathe->program = NULL;
}

static void lathe_scrap(struct lathe *lathe)
{
	debugfs_remove_recursive(lathe->dir);
}

static void lathe_remove(struct mdev_device *mdev)
{
	struct lathe *lathe = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&lathe->vdev);
	vfio_put_device(&lathe->vdev);
	lathe_scrap(lathe); /* finds: mdev-after-put */
}

static int lathe_probe(struct mdev_device *mdev)
{
	struct lathe *lathe = vfio_alloc_device(lathe, vdev, &mdev->dev, NULL);
	int ret;

	if (IS_ERR(lathe))
		return PTR_ERR(lathe);
	ret = vfio_register_emulated_iommu_dev(&lathe->vdev);
	if (!ret)
		return 0;
	vfio_put_device(&lathe->vdev);
	lathe->steps = 0; /* finds: mdev-after-put */
	return ret;
}

static struct mdev_driver lathe_driver = {
	.driver = { .owner = THIS_MODULE }, .probe = lathe_probe, .remove = lathe_remove,
};
