// SPDX-License-Identifier: GPL-2.0-only
/* A type group of the v11 series without a name. */
#include <linux/module.h>
#include <linux/sysfs.h>
#include <mdev_sdk/mdev.h>

static struct attribute *port_attrs[] = { NULL };

static struct attribute_group port_small = {
	.name = "small",
	.attrs = port_attrs,
};

static struct attribute_group port_large = { /* finds: mdev-type-name */
	.attrs = port_attrs,
};

static struct attribute_group *port_types[] = { &port_small, &port_large, NULL };

static const struct mdev_parent_ops port_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = port_types,
};
