// SPDX-License-Identifier: GPL-2.0-only
/* Named, and found by the struct. */
#include <linux/mdev.h>

struct port_type {
	struct mdev_type type;
	int ports;
};

static struct mdev_type port_small = {
	.sysfs_name = "port-1",
	.pretty_name = "one port, 1/2 of the card",
};

static unsigned int port_available(struct mdev_type *mtype)
{
	return container_of(mtype, struct port_type, type)->ports;
}

static void port_name(struct port_type *type)
{
	type->type.sysfs_name = "port-2";
}
