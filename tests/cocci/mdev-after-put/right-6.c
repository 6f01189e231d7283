// SPDX-License-Identifier: GPL-2.0-only
/* Taken out of its place below the lock and given back then; and the device is put last. */
#include <linux/debugfs.h>
#include <linux/eventfd.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

struct drill {
	struct vfio_device vdev;
	spinlock_t lock;
	struct mutex mutex;
	struct eventfd_ctx *done, *all[4];
	void *program;
	struct dentry *dir;
	atomic_t steps;
};

static atomic_t drill_left;

static void drill_set(struct drill *drill, struct eventfd_ctx *ctx)
{
	spin_lock(&drill->lock);
	swap(drill->done, ctx);
	spin_unlock(&drill->lock);
	if (ctx)
		eventfd_ctx_put(ctx);
}

static void drill_swap(struct drill *drill, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	spin_lock(&drill->lock);
	old = drill->done;
	drill->done = NULL;
	spin_unlock(&drill->lock);
	if (old)
		eventfd_ctx_put(old);
	spin_lock(&drill->lock);
	drill->done = ctx;
	spin_unlock(&drill->lock);
}

static void drill_forget(struct drill *drill)
{
	guard(mutex)(&drill->mutex);
	kfree(drill->program);
	drill->program = NULL;
}

static void drill_none(struct drill *drill)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct eventfd_ctx *one;

		spin_lock(&drill->lock);
		one = drill->all[i];
		drill->all[i] = NULL;
		spin_unlock(&drill->lock);
		if (one)
			eventfd_ctx_put(one);
	}
}

static void drill_remove(struct mdev_device *mdev)
{
	struct drill *drill = dev_get_drvdata(&mdev->dev);
	int steps = atomic_read(&drill->steps);

	vfio_unregister_group_dev(&drill->vdev);
	debugfs_remove_recursive(drill->dir);
	vfio_put_device(&drill->vdev);
	atomic_sub(steps, &drill_left);
}

static int drill_probe(struct mdev_device *mdev)
{
	struct drill *drill = vfio_alloc_device(drill, vdev, &mdev->dev, NULL);
	int ret;

	if (IS_ERR(drill))
		return PTR_ERR(drill);
	ret = vfio_register_emulated_iommu_dev(&drill->vdev);
	if (ret) {
		atomic_set(&drill->steps, 0);
		vfio_put_device(&drill->vdev);
		return ret;
	}
	drill->dir = debugfs_create_dir("drill", NULL);
	return 0;
}

static struct mdev_driver drill_driver = {
	.driver = { .owner = THIS_MODULE }, .probe = drill_probe, .remove = drill_remove,
};
