// SPDX-License-Identifier: GPL-2.0-only
/* Of the v11 series; files of the parent need no name. */
#include <linux/module.h>
#include <linux/sysfs.h>
#include <mdev_sdk/mdev.h>

static struct attribute *port_attrs[] = { NULL };

static struct attribute_group port_small = {
	.name = "small",
	.attrs = port_attrs,
};

static struct attribute_group *port_types[] = { &port_small, NULL };

static const struct attribute_group port_parent = {
	.attrs = port_attrs,
};

static const struct attribute_group *port_parent_groups[] = { &port_parent, NULL };

static const struct mdev_parent_ops port_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = port_types,
	.dev_attr_groups = port_parent_groups,
};
