// SPDX-License-Identifier: GPL-2.0-only
/* What a driver registers, looked at before anything is made of it; in user space too. */
#include <linux/errno.h>
#include <linux/string.h>

#include "migration.h"
#include "registration.h"

/* The first ABI of this major version: what older drivers rely on is not here any more. */
#define MDEV_SDK_ABI_OLDEST 1

int mdk_mdev_check_abi(struct device *dev, const struct mdev_parent_ops *ops,
		       const struct mdk_mdev_registration *reg)
{
	if (reg->abi < MDEV_SDK_ABI_OLDEST) {
		dev_err(dev, "the driver was built with mdev-sdk ABI %u, this framework serves ABI %u to %u: build the driver with this mdev-sdk, or load the framework of its own [K122]\n",
			reg->abi, MDEV_SDK_ABI_OLDEST, MDEV_SDK_ABI);
		return -EOPNOTSUPP;
	}
	if (reg->abi <= MDEV_SDK_ABI && !mdk_mdev_ops_tail_used(ops, reg->size))
		return 0;
	dev_err(dev, "the driver was built with mdev-sdk ABI %u, this framework has ABI %u: install the newer mdev-sdk framework [K10]\n",
		reg->abi, MDEV_SDK_ABI);
	return -EOPNOTSUPP;
}

int mdk_mdev_check_present(struct device *dev, const struct mdev_parent_ops *ops)
{
	const char *missing = NULL;

	if (!ops->create)
		missing = "create";
	else if (!ops->remove)
		missing = "remove";
	else if (!ops->supported_type_groups || !ops->supported_type_groups[0])
		missing = "supported_type_groups (at least one group)";
	else if (ops->quiesce && !ops->reset)
		missing = "reset (quiesce may fail, and then the device must be stopped)";
	if (!missing)
		return 0;
	dev_err(dev, "mdev_parent_ops lacks %s: set it before mdev_register_device() [K11]\n", missing);
	return -EINVAL;
}

int mdk_mdev_check_migration(struct device *dev, const struct mdev_parent_ops *ops)
{
	const struct mdev_migration_ops *migration = ops->migration;
	const char *missing = NULL;

	if (!migration)
		return 0;
	if (!migration->set_state)
		missing = "set_state";
	else if (!migration->get_state)
		missing = "get_state";
	else if (!migration->get_data_size)
		missing = "get_data_size";
	if (missing) {
		dev_err(dev, "mdev_parent_ops.migration lacks %s: set it, or no .migration for devices that cannot migrate [K252]\n",
			missing);
		return -EINVAL;
	}
	if (migration->flags & VFIO_MIGRATION_STOP_COPY &&
	    !(migration->flags & ~(u64)MDK_MIGRATION_FLAGS))
		return 0;
	dev_err(dev, "mdev_parent_ops.migration has the flags 0x%llx: needed is VFIO_MIGRATION_STOP_COPY, and besides it no more than VFIO_MIGRATION_P2P and VFIO_MIGRATION_PRE_COPY [K253]\n",
		migration->flags);
	return -EINVAL;
}

struct attribute *mdk_mdev_group_attr(const struct attribute_group *group, const char *name)
{
	struct attribute **attr;

	for (attr = group->attrs; attr && *attr; attr++)
		if (!strcmp((*attr)->name, name))
			return *attr;
	return NULL;
}

/* mdevctl and libvirt cannot use a type without these two (contract.md section 3). */
static const char *const mdk_mdev_mandatory_attrs[] = { "available_instances", "device_api" };

static int mdk_mdev_group_check(struct device *parent, const struct attribute_group *group)
{
	size_t i;

	if (!group->name || !*group->name || strchr(group->name, '/')) {
		dev_err(parent, "a type is named '%s': set .name of each group in supported_type_groups to a name without '/' [K16]\n",
			group->name ?: "");
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(mdk_mdev_mandatory_attrs); i++) {
		if (mdk_mdev_group_attr(group, mdk_mdev_mandatory_attrs[i]))
			continue;
		dev_err(parent, "type '%s' has no attribute %s: add a MDEV_TYPE_ATTR_RO(%s) to its group [K17]\n",
			group->name, mdk_mdev_mandatory_attrs[i], mdk_mdev_mandatory_attrs[i]);
		return -EINVAL;
	}
	return 0;
}

/* An earlier attribute has the name, or the core: `create` and `devices`. */
static bool mdk_mdev_attr_name_taken(struct attribute **attrs, struct attribute **attr)
{
	struct attribute **before;

	for (before = attrs; before < attr; before++)
		if (!strcmp((*before)->name, (*attr)->name))
			return true;
	return !strcmp((*attr)->name, "create") || !strcmp((*attr)->name, "devices");
}

static int mdk_mdev_group_names_check(struct device *parent, const struct attribute_group *group)
{
	struct attribute **attr;

	for (attr = group->attrs; *attr; attr++) {
		if (!mdk_mdev_attr_name_taken(group->attrs, attr))
			continue;
		dev_err(parent, "type '%s' has more than one file '%s', counting create and devices, which the core brings: rename or drop one [K172]\n",
			group->name, (*attr)->name);
		return -EEXIST;
	}
	return 0;
}

static int mdk_mdev_group_alone_check(struct device *parent, struct attribute_group **all,
				      struct attribute_group **group)
{
	struct attribute_group **before;

	for (before = all; before < group; before++) {
		if (strcmp((*before)->name, (*group)->name))
			continue;
		dev_err(parent, "two types are named '%s': give each group in supported_type_groups a .name of its own [K171]\n",
			(*group)->name);
		return -EEXIST;
	}
	return 0;
}

int mdk_mdev_check_types(struct device *dev, const struct mdev_parent_ops *ops)
{
	struct attribute_group **group;
	int ret = 0;

	for (group = ops->supported_type_groups; *group && !ret; group++)
		ret = mdk_mdev_group_check(dev, *group) ?:
		      mdk_mdev_group_names_check(dev, *group) ?:
		      mdk_mdev_group_alone_check(dev, ops->supported_type_groups, group);
	return ret;
}
