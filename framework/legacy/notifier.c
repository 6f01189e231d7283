// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unmap notices as notifier chains, one for each device that listens.
 *
 * A notice comes with VFIO's list lock held, so the lock of the table is held for a look only and
 * never while a driver is called. A chain's own lock is: whoever takes a notifier off waits until
 * it has returned.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "legacy.h"

/**
 * struct mdk_ear - a device whose driver listens
 * @link: mdk_ears, under mdk_ears_lock
 * @kref: one for the list, one for each who looks
 * @mdev: the device; open as long as @link is in the list
 * @chain: the driver's notifiers
 * @heard: how many are registered, under mdk_ears_lock
 */
struct mdk_ear {
	struct list_head link;
	struct kref kref;
	struct mdev_device *mdev;
	struct blocking_notifier_head chain;
	unsigned int heard;
};

static DEFINE_MUTEX(mdk_ears_lock);
static LIST_HEAD(mdk_ears);

static void mdk_ear_free(struct kref *kref)
{
	kfree(container_of(kref, struct mdk_ear, kref));
}

static void mdk_ear_put(struct mdk_ear *ear)
{
	kref_put(&ear->kref, mdk_ear_free);
}

static struct mdk_ear *mdk_ear_find(struct mdev_device *mdev)
{
	struct mdk_ear *ear;

	lockdep_assert_held(&mdk_ears_lock);
	list_for_each_entry(ear, &mdk_ears, link)
		if (ear->mdev == mdev)
			return ear;
	return NULL;
}

static struct mdk_ear *mdk_ear_get(struct mdev_device *mdev)
{
	struct mdk_ear *ear;

	mutex_lock(&mdk_ears_lock);
	ear = mdk_ear_find(mdev);
	if (ear)
		kref_get(&ear->kref);
	mutex_unlock(&mdk_ears_lock);
	return ear;
}

/* Finds or makes it. Context: mdk_ears_lock. */
static struct mdk_ear *mdk_ear_of(struct mdev_device *mdev)
{
	struct mdk_ear *ear = mdk_ear_find(mdev);

	if (ear)
		return ear;
	ear = kzalloc(sizeof(*ear), GFP_KERNEL);
	if (!ear)
		return NULL;
	kref_init(&ear->kref);
	ear->mdev = mdev;
	BLOCKING_INIT_NOTIFIER_HEAD(&ear->chain);
	list_add(&ear->link, &mdk_ears);
	return ear;
}

/* Once, of whoever comes with its last notifier and the close of its device. */
static void mdk_ear_close(struct mdk_ear *ear)
{
	lockdep_assert_held(&mdk_ears_lock);
	if (list_empty(&ear->link))
		return;
	list_del_init(&ear->link);
	mdk_ear_put(ear);
}

bool mdk_legacy_listening(struct mdev_device *mdev)
{
	bool listening;

	mutex_lock(&mdk_ears_lock);
	listening = mdk_ear_find(mdev);
	mutex_unlock(&mdk_ears_lock);
	return listening;
}

void mdk_legacy_notify(struct mdev_device *mdev, u64 iova, u64 size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = iova, .size = size,
	};
	struct mdk_ear *ear = mdk_ear_get(mdev);

	if (!ear)
		return;
	blocking_notifier_call_chain(&ear->chain, MDK_LEGACY_DMA_UNMAP, &unmap);
	mdk_ear_put(ear);
}

/* Who registers otherwise would be heard for a later user, or for a device that is not any more. */
static bool mdk_ear_allowed(struct mdev_device *mdev)
{
	bool open = mdk_mdev_read(mdk_mdev_of(mdev), opens);

	if (!open)
		dev_err_ratelimited(mdev_dev(mdev), "vfio_register_notifier: the device is not open, refused: call it in open, and vfio_unregister_notifier() in release [K131]\n");
	return open;
}

static int mdk_ear_add(struct mdev_device *mdev, struct notifier_block *nb)
{
	struct mdk_ear *ear;
	int ret = -ENOMEM;

	mutex_lock(&mdk_ears_lock);
	ear = mdk_ear_of(mdev);
	if (ear) {
		ret = blocking_notifier_chain_register(&ear->chain, nb);
		if (!ret)
			ear->heard++;
		else if (!ear->heard)
			mdk_ear_close(ear);
	}
	mutex_unlock(&mdk_ears_lock);
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
	if (!mdk_ear_allowed(mdev))
		return -EINVAL;
	*events = 0;
	return mdk_ear_add(mdev, nb);
}

/* Outside of the table's lock: it waits for a notifier that runs. */
int mdk_legacy_unregister_notifier(struct device *dev, int type, struct notifier_block *nb)
{
	struct mdev_device *mdev = dev ? mdev_from_dev(dev) : NULL;
	struct mdk_ear *ear = mdev && nb ? mdk_ear_get(mdev) : NULL;
	int ret;

	if (!ear || type != MDK_LEGACY_IOMMU_NOTIFY) {
		if (ear)
			mdk_ear_put(ear);
		return -EINVAL;
	}
	ret = blocking_notifier_chain_unregister(&ear->chain, nb);
	mutex_lock(&mdk_ears_lock);
	if (!ret && !--ear->heard)
		mdk_ear_close(ear);
	mutex_unlock(&mdk_ears_lock);
	mdk_ear_put(ear);
	return ret ? -EINVAL : 0;
}

/* The device closes: no notice comes any more, and the driver's notifier block may go. */
void mdk_legacy_stop_listening(struct mdev_device *mdev)
{
	struct mdk_ear *ear;

	mutex_lock(&mdk_ears_lock);
	ear = mdk_ear_find(mdev);
	if (ear)
		mdk_ear_close(ear);
	mutex_unlock(&mdk_ears_lock);
	if (ear)
		dev_warn_ratelimited(mdev_dev(mdev), "closed with a notifier registered, which is dropped: call vfio_unregister_notifier() in release [K121]\n");
}
