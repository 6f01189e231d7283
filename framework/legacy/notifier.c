// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unmaps as notifier chains, one for each device whose driver listens.
 *
 * VFIO calls with its device list lock held, so the lock of the table is held for a look only and
 * never while a driver is called. A chain's own lock is: whoever takes a notifier off waits until
 * it has returned.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "legacy.h"

/**
 * struct mdk_legacy_listener - a device whose driver listens
 * @link: mdk_legacy_listeners, under mdk_legacy_listeners_lock
 * @kref: one for the list, one for each who looks
 * @mdev: the device; open as long as @link is in the list
 * @chain: the driver's notifiers
 * @nr_blocks: how many of these there are, under mdk_legacy_listeners_lock
 */
struct mdk_legacy_listener {
	struct list_head link;
	struct kref kref;
	struct mdev_device *mdev;
	struct blocking_notifier_head chain;
	unsigned int nr_blocks;
};

static DEFINE_MUTEX(mdk_legacy_listeners_lock);
static LIST_HEAD(mdk_legacy_listeners);

static void mdk_legacy_listener_free(struct kref *kref)
{
	kfree(container_of(kref, struct mdk_legacy_listener, kref));
}

static void mdk_legacy_listener_put(struct mdk_legacy_listener *listener)
{
	kref_put(&listener->kref, mdk_legacy_listener_free);
}

static struct mdk_legacy_listener *mdk_legacy_listener_find(struct mdev_device *mdev)
{
	struct mdk_legacy_listener *listener;

	lockdep_assert_held(&mdk_legacy_listeners_lock);
	list_for_each_entry(listener, &mdk_legacy_listeners, link)
		if (listener->mdev == mdev)
			return listener;
	return NULL;
}

static struct mdk_legacy_listener *mdk_legacy_listener_get(struct mdev_device *mdev)
{
	struct mdk_legacy_listener *listener;

	mutex_lock(&mdk_legacy_listeners_lock);
	listener = mdk_legacy_listener_find(mdev);
	if (listener)
		kref_get(&listener->kref);
	mutex_unlock(&mdk_legacy_listeners_lock);
	return listener;
}

/* Finds or makes it. Context: mdk_legacy_listeners_lock. */
static struct mdk_legacy_listener *mdk_legacy_listener_of(struct mdev_device *mdev)
{
	struct mdk_legacy_listener *listener = mdk_legacy_listener_find(mdev);

	if (listener)
		return listener;
	listener = kzalloc(sizeof(*listener), GFP_KERNEL);
	if (!listener)
		return NULL;
	kref_init(&listener->kref);
	listener->mdev = mdev;
	BLOCKING_INIT_NOTIFIER_HEAD(&listener->chain);
	list_add(&listener->link, &mdk_legacy_listeners);
	return listener;
}

/* Once, of whoever comes with its last notifier and the close of its device. */
static void mdk_legacy_listener_close(struct mdk_legacy_listener *listener)
{
	lockdep_assert_held(&mdk_legacy_listeners_lock);
	if (list_empty(&listener->link))
		return;
	list_del_init(&listener->link);
	mdk_legacy_listener_put(listener);
}

bool mdk_legacy_listening(struct mdev_device *mdev)
{
	bool listening;

	mutex_lock(&mdk_legacy_listeners_lock);
	listening = mdk_legacy_listener_find(mdev);
	mutex_unlock(&mdk_legacy_listeners_lock);
	return listening;
}

void mdk_legacy_notify(struct mdev_device *mdev, u64 iova, u64 size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};
	struct mdk_legacy_listener *listener = mdk_legacy_listener_get(mdev);

	if (!listener)
		return;
	blocking_notifier_call_chain(&listener->chain, MDK_LEGACY_DMA_UNMAP, &unmap);
	mdk_legacy_listener_put(listener);
}

/* Otherwise the notifier would be called for a later user, or for a device that is gone. */
static bool mdk_legacy_listener_allowed(struct mdev_device *mdev)
{
	bool open = mdk_mdev_is_open(mdev);

	if (!open)
		dev_err_ratelimited(mdev_dev(mdev), "vfio_register_notifier: the device is not open, refused: call it in open, and vfio_unregister_notifier() in release [K131]\n");
	return open;
}

static int mdk_legacy_listener_add(struct mdev_device *mdev, struct notifier_block *nb)
{
	struct mdk_legacy_listener *listener;
	int ret = -ENOMEM;

	mutex_lock(&mdk_legacy_listeners_lock);
	listener = mdk_legacy_listener_of(mdev);
	if (listener) {
		ret = blocking_notifier_chain_register(&listener->chain, nb);
		if (!ret)
			listener->nr_blocks++;
		else if (!listener->nr_blocks)
			mdk_legacy_listener_close(listener);
	}
	mutex_unlock(&mdk_legacy_listeners_lock);
	return ret;
}

int mdk_legacy_register_notifier(struct device *dev, int type, unsigned long *events,
				 struct notifier_block *nb)
{
	struct mdev_device *mdev = dev ? mdev_from_dev(dev) : NULL;

	if (!dev || !events || !nb)
		return -EINVAL;
	if (!mdev || !mdk_legacy_ops(mdev))
		return -ENODEV;
	if (type != MDK_LEGACY_IOMMU_NOTIFY || *events != MDK_LEGACY_DMA_UNMAP) {
		dev_err_ratelimited(dev, "vfio_register_notifier: type %d with events 0x%lx; only VFIO_IOMMU_NOTIFY with VFIO_IOMMU_NOTIFY_DMA_UNMAP is served [K120]\n",
			type, *events);
		return -EINVAL;
	}
	if (!mdk_legacy_listener_allowed(mdev))
		return -EINVAL;
	*events = 0;
	return mdk_legacy_listener_add(mdev, nb);
}

/* Outside of the table's lock: it waits for a notifier that runs. */
int mdk_legacy_unregister_notifier(struct device *dev, int type, struct notifier_block *nb)
{
	struct mdev_device *mdev = dev ? mdev_from_dev(dev) : NULL;
	struct mdk_legacy_listener *listener = NULL;
	int ret;

	if (mdev && nb)
		listener = mdk_legacy_listener_get(mdev);
	if (!listener || type != MDK_LEGACY_IOMMU_NOTIFY) {
		if (listener)
			mdk_legacy_listener_put(listener);
		return -EINVAL;
	}
	ret = blocking_notifier_chain_unregister(&listener->chain, nb);
	mutex_lock(&mdk_legacy_listeners_lock);
	if (!ret)
		listener->nr_blocks--;
	if (!ret && !listener->nr_blocks)
		mdk_legacy_listener_close(listener);
	mutex_unlock(&mdk_legacy_listeners_lock);
	mdk_legacy_listener_put(listener);
	return ret ? -EINVAL : 0;
}

/* The device closes: no call comes any more, and the driver's notifier block may go. */
void mdk_legacy_stop_listening(struct mdev_device *mdev)
{
	struct mdk_legacy_listener *listener;

	mutex_lock(&mdk_legacy_listeners_lock);
	listener = mdk_legacy_listener_find(mdev);
	if (listener)
		mdk_legacy_listener_close(listener);
	mutex_unlock(&mdk_legacy_listeners_lock);
	if (listener)
		dev_warn_ratelimited(mdev_dev(mdev), "closed with a notifier registered, which is dropped: call vfio_unregister_notifier() in release [K121]\n");
}
