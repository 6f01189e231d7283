// SPDX-License-Identifier: GPL-2.0-only
/* Module entry of the mdev core, and the accessors of struct mdev_device. */
#include <linux/module.h>

#include "mdev_private.h"

struct device *mdk_mdev_dev(struct mdev_device *mdev)
{
	return mdk_mdev_of(mdev)->dev;
}

struct mdev_device *mdk_mdev_from_dev(struct device *dev)
{
	return mdk_mdev_bus_owns(dev) ? &dev_to_mdk_mdev(dev)->base : NULL;
}

struct device *mdk_mdev_parent_dev(struct mdev_device *mdev)
{
	return mdk_mdev_of(mdev)->parent->dev;
}

const guid_t *mdk_mdev_uuid(struct mdev_device *mdev)
{
	return &mdk_mdev_of(mdev)->uuid;
}

static int __init mdk_mdev_init(void)
{
	int ret = mdk_mdev_children_init();

	if (ret)
		return ret;
	ret = mdk_mdev_bus_init();
	if (ret)
		mdk_mdev_children_exit();
	return ret;
}

static void __exit mdk_mdev_exit(void)
{
	mdk_mdev_children_exit();
	mdk_releases_wait();
	mdk_mdev_bus_exit();
}

module_init(mdk_mdev_init)
module_exit(mdk_mdev_exit)

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: mediated device core (v11 contract)");
MODULE_SOFTDEP("post: mdk_vfio_mdev");
