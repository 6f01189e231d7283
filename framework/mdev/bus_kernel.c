// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated devices on the kernel's bus: its core makes and removes the device, we are its driver.
 */
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/module.h>

#include "mdev_private.h"

static int mdk_mdev_kernel_attach(struct mdk_mdev *mdev)
{
	return mdev->drv->probe(mdev);
}

static int mdk_mdev_kernel_add(struct mdk_mdev *mdev)
{
	int ret = mdk_mdev_bus_attach(mdev, mdk_mdev_kernel_attach);

	if (ret)
		return ret;
	ret = mdk_mdev_vendor_files_add(mdev);
	if (ret) {
		mdk_mdev_create_failed(mdev->parent, &mdev->uuid, "adding its files", ret);
		mdev->drv->remove(mdev);
		mdk_mdev_bus_detached(mdev);
		return ret;
	}
	WRITE_ONCE(mdev->announced, true);
	mdk_mdev_set_live(mdev);
	return 0;
}

int mdk_mdev_probe(struct mdk_mdev_type *type, struct device *dev, const guid_t *uuid)
{
	struct mdk_mdev *mdev = mdk_mdev_alloc(type, uuid);
	int ret;

	if (!mdev)
		return -ENOMEM;
	mdev->dev = dev;
	/*
	 * The device has nothing to suspend. A suspend of the host would wait for its device lock,
	 * which a removal holds while it waits for the user (mdk_mdev_wait_freezable()).
	 */
	dev_pm_syscore_device(dev, true);
	dev->platform_data = mdev;
	ret = mdk_mdev_make(mdev, mdk_mdev_kernel_add);
	if (ret) {
		dev->platform_data = NULL;
		kobject_put(type->kobj);
		mdk_mdev_put(mdev);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_probe);

/*
 * Waits for @condition, at most @timeout. User space decides how long that takes, so the waiting
 * task can be frozen, and does not keep the host from suspending. It holds the device lock then,
 * which only removals of this device take, and no other lock.
 */
#define mdk_mdev_wait_freezable(wq, condition, timeout)                                            \
	___wait_event(wq, ___wait_cond_timeout(condition),                                         \
		      (TASK_IDLE | TASK_FREEZABLE_UNSAFE), 0, timeout,                             \
		      __ret = schedule_timeout(__ret))

/* The kernel's core lets no driver refuse a removal, so wait until the user closes the device. */
static void mdk_mdev_wait_closed(struct mdk_mdev *mdev)
{
	wait_queue_head_t *changed = &mdev->parent->changed;

	spin_lock(&mdev->lock);
	mdev->state = MDK_MDEV_DYING;
	spin_unlock(&mdev->lock);
	mdk_mdev_wait_freezable(*changed, !mdk_mdev_read(mdev, requesting), MAX_SCHEDULE_TIMEOUT);
	if (mdk_mdev_read(mdev, opens))
		dev_info_ratelimited(mdev->dev, "remove: waits, a descriptor or a mapping of the device is open; its user (a virtual machine?) is asked to leave [K104]\n");
	while (mdk_mdev_read(mdev, opens)) {
		mdk_mdev_request(mdev);
		mdk_mdev_wait_freezable(*changed, !mdk_mdev_read(mdev, opens),
					msecs_to_jiffies(MDK_MDEV_REQUEST_PERIOD_MS));
	}
}

/* Nor can ops->remove refuse: it is called until it agrees or the parent is unregistered. */
static void mdk_mdev_vendor_remove_wait(struct mdk_mdev *mdev)
{
	int ret = mdk_mdev_vendor_remove(mdev);

	if (ret && !mdk_mdev_read(mdev, evicted))
		dev_info(mdev->dev, "remove: the vendor driver refused (errno %d); on the kernel's bus the removal waits, and it is asked again every second [K105]\n",
			 -ret);
	while (ret && !mdk_mdev_read(mdev, evicted)) {
		mdk_mdev_wait_freezable(mdev->parent->changed, mdk_mdev_read(mdev, evicted), HZ);
		ret = mdk_mdev_vendor_remove(mdev);
	}
}

void mdk_mdev_unprobe(struct device *dev)
{
	struct mdk_mdev *mdev = dev_to_mdk_mdev(dev);

	mdk_mdev_wait_closed(mdev);
	mdk_mdev_vendor_files_remove(mdev);
	mdk_mdev_vendor_remove_wait(mdev);
	mdev->drv->remove(mdev);
	mdk_mdev_bus_detached(mdev);
	dev->platform_data = NULL;
	mdk_mdev_forget(mdev);
}
EXPORT_SYMBOL_GPL(mdk_mdev_unprobe);

static struct device_attribute *mdk_mdev_remove_attr(const struct device *dev)
{
	const struct attribute_group **group;
	struct attribute **attr;

	for (group = dev->groups; group && *group; group++)
		for (attr = (*group)->attrs; attr && *attr; attr++)
			if (!strcmp((*attr)->name, "remove"))
				return container_of(*attr, struct device_attribute, attr);
	return NULL;
}

/* Context: the device lock is held, so that the device stays bound. */
static void mdk_mdev_remove_file_back(struct mdk_mdev *mdev)
{
	struct device_attribute *attr = mdk_mdev_remove_attr(mdev->dev);
	struct kernfs_node *file;
	int ret = 0;

	if (!attr || mdk_mdev_read(mdev, state) != MDK_MDEV_LIVE)
		return;
	file = kernfs_find_and_get(mdev->dev->kobj.sd, attr->attr.name);
	if (!file)
		ret = device_create_file(mdev->dev, attr);
	kernfs_put(file);
	/* -EEXIST: somebody else has made it. Without it only an unregister removes the device. */
	if (ret && ret != -EEXIST)
		dev_warn(mdev->dev, "the file remove was lost while the device was made, and cannot be made again (errno %d): unload the driver to be rid of the device [K132]\n",
			 -ret);
}

void mdk_mdev_keep_removable(const guid_t *uuid)
{
	struct mdk_mdev *mdev = mdk_mdev_get_by_uuid(uuid);
	struct device *dev;

	if (!mdev)
		return;
	dev = mdev->dev;
	/* If the lock is taken a removal holds it, maybe for as long as the user likes. */
	if (device_trylock(dev)) {
		mdk_mdev_remove_file_back(mdev);
		device_unlock(dev);
	}
	put_device(dev);
	mdk_mdev_put(mdev);
}
EXPORT_SYMBOL_GPL(mdk_mdev_keep_removable);
