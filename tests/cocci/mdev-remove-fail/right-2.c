// SPDX-License-Identifier: GPL-2.0-only
/* A parent of the v11 series whose removal always works. */
#include <linux/module.h>
#include <linux/slab.h>
#include <mdev_sdk/mdev.h>

static int port_create(struct kobject *kobj, struct mdev_device *mdev)
{
	return -ENOSPC;
}

static int port_remove(struct mdev_device *mdev)
{
	kfree(mdev_get_drvdata(mdev));
	mdev_set_drvdata(mdev, NULL);
	return 0;
}

static const struct mdev_parent_ops port_ops = {
	.owner = THIS_MODULE,
	.create = port_create,
	.remove = port_remove,
};
