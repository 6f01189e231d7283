// SPDX-License-Identifier: GPL-2.0-only
/* A parent of the v11 series. */
#include <linux/module.h>
#include <mdev_sdk/mdev.h>

struct port {
	bool busy;
};

static int port_remove(struct mdev_device *mdev)
{
	struct port *port = mdev_get_drvdata(mdev);

	if (port->busy)
		return -EBUSY; /* finds: mdev-remove-fail */
	mdev_set_drvdata(mdev, NULL);
	return 0;
}

static const struct mdev_parent_ops port_ops = {
	.owner = THIS_MODULE,
	.remove = port_remove,
};
