// SPDX-License-Identifier: GPL-2.0-only
/* A parent of the v11 series without an owner. */
#include <mdev_sdk/mdev.h>

static int port_remove(struct mdev_device *mdev)
{
	return 0;
}

static const struct mdev_parent_ops port_ops = { /* finds: mdev-owner */
	.remove = port_remove,
};
