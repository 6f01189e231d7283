// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parents whose drivers are written to the text of Linux 4.10: their ops, completed by what that
 * text left to other calls. Everything else is the contract that every driver gets.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "legacy.h"

/**
 * struct mdk_legacy_parent - a registered parent
 * @link: mdk_legacy_parents
 * @dev: the parent
 * @ops: as the driver gave them; alive until it unregisters
 */
struct mdk_legacy_parent {
	struct list_head link;
	struct device *dev;
	struct mdev_parent_ops ops;
};

static DEFINE_MUTEX(mdk_legacy_parents_lock);
static LIST_HEAD(mdk_legacy_parents);

static struct mdk_legacy_parent *mdk_legacy_find(struct device *dev)
{
	struct mdk_legacy_parent *parent;

	lockdep_assert_held(&mdk_legacy_parents_lock);
	list_for_each_entry(parent, &mdk_legacy_parents, link)
		if (parent->dev == dev)
			return parent;
	return NULL;
}

/* Context: in an op of @mdev, so that its parent is still registered. */
const struct mdev_parent_ops *mdk_legacy_ops(struct mdev_device *mdev)
{
	struct mdk_legacy_parent *parent;

	mutex_lock(&mdk_legacy_parents_lock);
	parent = mdk_legacy_find(mdev_parent_dev(mdev));
	mutex_unlock(&mdk_legacy_parents_lock);
	return parent ? &parent->ops : NULL;
}

/* A driver that failed to open may have registered its notifier before. */
static int mdk_legacy_open(struct mdev_device *mdev)
{
	const struct mdev_parent_ops *ops = mdk_legacy_ops(mdev);
	int ret = ops->open(mdev);

	if (ret)
		mdk_legacy_stop_listening(mdev);
	return ret;
}

static void mdk_legacy_release(struct mdev_device *mdev)
{
	const struct mdev_parent_ops *ops = mdk_legacy_ops(mdev);

	if (ops->release)
		ops->release(mdev);
	mdk_legacy_stop_listening(mdev);
}

/* A worker of the driver's may have registered while the device was closing. */
static int mdk_legacy_remove(struct mdev_device *mdev)
{
	int ret = mdk_legacy_ops(mdev)->remove(mdev);

	mdk_legacy_stop_listening(mdev);
	return ret;
}

static int mdk_legacy_add(struct mdk_legacy_parent *parent)
{
	int ret = 0;

	mutex_lock(&mdk_legacy_parents_lock);
	if (mdk_legacy_find(parent->dev))
		ret = -EEXIST;
	else
		list_add(&parent->link, &mdk_legacy_parents);
	mutex_unlock(&mdk_legacy_parents_lock);
	return ret;
}

static void mdk_legacy_drop(struct mdk_legacy_parent *parent)
{
	mutex_lock(&mdk_legacy_parents_lock);
	list_del(&parent->link);
	mutex_unlock(&mdk_legacy_parents_lock);
	kfree(parent);
}

static struct mdev_parent_ops mdk_legacy_complete(const struct mdev_parent_ops *ops)
{
	struct mdev_parent_ops full = *ops;

	if (ops->open)
		full.open = mdk_legacy_open;
	full.release = mdk_legacy_release;
	if (ops->remove)
		full.remove = mdk_legacy_remove;
	if (!ops->notifier && !ops->quiesce)
		full.notifier = mdk_legacy_notify;
	if (ops->ioctl && !ops->get_region_info)
		full.get_region_info = mdk_legacy_region_info;
	return full;
}

static struct mdk_legacy_parent *mdk_legacy_alloc(struct device *dev,
						  const struct mdev_parent_ops *ops, size_t size)
{
	struct mdk_legacy_parent *parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	int ret;

	if (!parent)
		return ERR_PTR(-ENOMEM);
	parent->dev = dev;
	memcpy(&parent->ops, ops, min(size, sizeof(parent->ops)));
	ret = mdk_legacy_add(parent);
	if (!ret)
		return parent;
	kfree(parent);
	return ERR_PTR(ret);
}

/* Ours comes first: a device may be created as soon as the core knows the parent. */
int mdk_legacy_register_device(struct device *dev, const struct mdev_parent_ops *ops,
			       const struct mdk_mdev_registration *reg)
{
	struct mdk_mdev_registration full_reg = *reg;
	struct mdk_legacy_parent *parent;
	struct mdev_parent_ops full;
	int ret;

	/* What it cannot serve the core refuses, in its own words. */
	if (!dev || !ops || mdk_mdev_ops_tail_used(ops, reg->size))
		return mdk_mdev_register_device(dev, ops, reg);

	parent = mdk_legacy_alloc(dev, ops, reg->size);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	full = mdk_legacy_complete(&parent->ops);
	full_reg.size = sizeof(full);
	ret = mdk_mdev_register_device(dev, &full, &full_reg);
	if (ret)
		mdk_legacy_drop(parent);
	return ret;
}

void mdk_legacy_unregister_device(struct device *dev)
{
	struct mdk_legacy_parent *parent;

	mdk_mdev_unregister_device(dev);
	mutex_lock(&mdk_legacy_parents_lock);
	parent = mdk_legacy_find(dev);
	mutex_unlock(&mdk_legacy_parents_lock);
	if (parent)
		mdk_legacy_drop(parent);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the names of Linux 4.10 for parent drivers written then");
