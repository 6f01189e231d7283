// SPDX-License-Identifier: GPL-2.0-only
/* Types in sysfs, and the budget that their instances share. */
#include <linux/slab.h>
#include <linux/vfio.h>

#include "run/instance/vendor_checks.h"
#include "hosts.h"
#include "type.h"

/* Exactly "<prefix>-<id>": the core made the name from the same two parts. */
struct mdk_plan *mdk_plan_by_kobj(struct mdk_host *host, struct kobject *kobj)
{
	const char *prefix = dev_driver_string(host->dev), *name = kobject_name(kobj);
	size_t len = strlen(prefix);
	u32 i;

	if (strncmp(name, prefix, len) || name[len] != '-')
		return NULL;
	for (i = 0; i < host->nr_plans; i++)
		if (!strcmp(name + len + 1, host->plans[i].type->id))
			return &host->plans[i];
	return NULL;
}

/* Budgets */

/* How often @type fits into what is left of every budget. */
static u32 mdk_budget_fits(struct mdk_host *host, const struct mdk_type *type)
{
	u32 i, cost, fits = U32_MAX;

	lockdep_assert_held(&host->budget_lock);
	for (i = 0; i < host->nr_budgets; i++) {
		cost = mdk_type_cost(type, i);
		if (cost)
			fits = min(fits, (host->budgets[i].units - host->budgets[i].used) / cost);
	}
	return fits;
}

/* The driver's own answer, on top of the budgets. */
static u32 mdk_vendor_available(struct mdk_host *host, const struct mdk_type *type)
{
	struct mdk_call_state before = mdk_call_begin();
	u32 available = U32_MAX;

	if (host->ops.available)
		available = host->ops.available(type);
	mdk_call_end(host, "available", NULL, &before);
	return available;
}

static u32 mdk_available(struct mdk_host *host, const struct mdk_type *type)
{
	u32 fits, available;

	spin_lock(&host->budget_lock);
	fits = mdk_budget_fits(host, type);
	spin_unlock(&host->budget_lock);
	available = mdk_vendor_available(host, type);
	return min(fits, available);
}

static bool mdk_budget_try(struct mdk_host *host, const struct mdk_type *type)
{
	bool fits;
	u32 i;

	spin_lock(&host->budget_lock);
	fits = mdk_budget_fits(host, type);
	for (i = 0; fits && i < host->nr_budgets; i++)
		host->budgets[i].used += mdk_type_cost(type, i);
	spin_unlock(&host->budget_lock);
	return fits;
}

/* If an instance was removed meanwhile no budget may be short any more: then prints nothing. */
static void mdk_budget_tell(struct mdk_host *host, const struct mdk_type *type, const guid_t *uuid)
{
	u32 i, used, units, cost;

	for (i = 0; i < host->nr_budgets; i++) {
		cost = mdk_type_cost(type, i);
		units = host->budgets[i].units;
		used = READ_ONCE(host->budgets[i].used);
		if (cost > units - used)
			dev_info(host->dev, "create %pUl: type '%s' needs %u of budget '%s', of whose %u units %u are in use; remove an instance that nobody uses, or take a smaller type [K37]\n",
				 uuid, type->id, cost, mdk_desc_budget(&host->desc, i).name, units,
				 used);
	}
}

/* Creates of one parent are serialised, so ops.available still holds when the budget is taken. */
int mdk_budget_take(struct mdk_host *host, const struct mdk_type *type, struct mdev_device *mdev)
{
	const guid_t *uuid = mdev_uuid(mdev);

	if (!mdk_vendor_available(host, type)) {
		dev_info(host->dev, "create %pUl: the driver has nothing available for type '%s' now (ops.available); remove an instance, or take another type [K38]\n",
			 uuid, type->id);
		return -ENOSPC;
	}
	if (mdk_budget_try(host, type))
		return 0;
	mdk_budget_tell(host, type, uuid);
	return -ENOSPC;
}

void mdk_budget_give(struct mdk_host *host, const struct mdk_type *type)
{
	u32 i;

	spin_lock(&host->budget_lock);
	for (i = 0; i < host->nr_budgets; i++)
		host->budgets[i].used -= mdk_type_cost(type, i);
	spin_unlock(&host->budget_lock);
}

/* Attributes */

static const struct mdk_type *mdk_shown_type(struct kobject *kobj, struct device *dev)
{
	return mdk_plan_by_kobj(mdk_host_of(dev), kobj)->type;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	const struct mdk_type *type = mdk_shown_type(kobj, dev);

	return sysfs_emit(buf, "%s\n", type->name ?: type->id);
}

static ssize_t description_show(struct kobject *kobj, struct device *dev, char *buf)
{
	const struct mdk_type *type = mdk_shown_type(kobj, dev);

	return sysfs_emit(buf, "%s\n", type->description ?: type->name ?: type->id);
}

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%u\n", mdk_available(mdk_host_of(dev), mdk_shown_type(kobj, dev)));
}

static MDEV_TYPE_ATTR_RO(name);
static MDEV_TYPE_ATTR_RO(description);
static MDEV_TYPE_ATTR_RO(device_api);
static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *mdk_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_description.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

/* One group a type: same attributes, own name. */
int mdk_type_groups_alloc(struct mdk_host *host)
{
	u32 i, nr = host->nr_plans;
	struct attribute_group *group;

	host->groups = kcalloc(nr + 1, sizeof(*host->groups), GFP_KERNEL);
	group = kcalloc(nr, sizeof(*group), GFP_KERNEL);
	if (!host->groups || !group) {
		kfree(host->groups);
		kfree(group);
		host->groups = NULL;
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++) {
		group[i].name = host->plans[i].type->id;
		group[i].attrs = mdk_type_attrs;
		host->groups[i] = &group[i];
	}
	return 0;
}

void mdk_type_groups_free(struct mdk_host *host)
{
	if (host->groups)
		kfree(host->groups[0]);
	kfree(host->groups);
	host->groups = NULL;
}
