// SPDX-License-Identifier: GPL-2.0-only
/* Names that cannot be a directory, and a type that is found by its name. */
#include <linux/mdev.h>
#include <linux/string.h>

struct port_type {
	struct mdev_type type;
	char name[8];
};

static struct mdev_type port_small = {
	.sysfs_name = "port/1", /* finds: mdev-type-name */
	.pretty_name = "one port",
};

static struct port_type port_types[2];

static void port_name(struct port_type *type)
{
	type->type.sysfs_name = "port/2"; /* finds: mdev-type-name */
}

static struct port_type *port_find(struct kobject *kobj)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!strcmp(port_types[i].name, kobject_name(kobj))) /* finds: mdev-type-name */
			return &port_types[i];
	return NULL;
}
