// SPDX-License-Identifier: GPL-2.0-only
#include "mdev.h"
#include "root.h"

/* Of mdk_mdev.ko bus=private. */
#define PRIVATE_PARENTS "/sys/class/mdk_mdev_bus"
#define PRIVATE_DEVICES "/sys/bus/mdk_mdev/devices"

const char *mdev_parents_dir(const struct doctor *doctor, const char *parent)
{
	return root_exists(doctor, PRIVATE_PARENTS "/%s", parent) ? PRIVATE_PARENTS : PARENTS;
}

const char *mdev_devices_dir(const struct doctor *doctor, const char *uuid)
{
	return root_exists(doctor, PRIVATE_DEVICES "/%s", uuid) ? PRIVATE_DEVICES : DEVICES;
}

void mdev_list_devices(const struct doctor *doctor, struct lab_list *uuids)
{
	root_list(doctor, uuids, DEVICES);
	root_list(doctor, uuids, PRIVATE_DEVICES);
}

size_t mdev_list_parents(const struct doctor *doctor, struct lab_list *parents)
{
	root_list(doctor, parents, PARENTS);
	root_list(doctor, parents, PRIVATE_PARENTS);
	return parents->count;
}
