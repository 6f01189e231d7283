// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev_supported_types/<prefix>-<type>: create, the vendor's attributes, devices/ (contract.md
 * section 3).
 */
#include <linux/slab.h>

#include "mdev_private.h"

static struct mdk_type *to_mdk_type(struct kobject *kobj)
{
	return container_of(kobj, struct mdk_type, kobj);
}

static ssize_t mdk_type_show(struct kobject *kobj, struct attribute *a, char *buf)
{
	struct mdev_type_attribute *attr = container_of(a, struct mdev_type_attribute, attr);

	if (!attr->show)
		return -EIO;
	return attr->show(kobj, to_mdk_type(kobj)->parent->dev, buf);
}

static ssize_t mdk_type_store(struct kobject *kobj, struct attribute *a, const char *buf,
			      size_t count)
{
	struct mdev_type_attribute *attr = container_of(a, struct mdev_type_attribute, attr);

	if (!attr->store)
		return -EIO;
	return attr->store(kobj, to_mdk_type(kobj)->parent->dev, buf, count);
}

static const struct sysfs_ops mdk_type_sysfs_ops = {
	.show = mdk_type_show,
	.store = mdk_type_store,
};

static void mdk_type_free(struct rcu_head *rcu)
{
	struct mdk_type *type = container_of(rcu, struct mdk_type, rcu);

	mdk_parent_put(type->parent);
	kfree(type);
	atomic_dec(&mdk_releases_due);
}

/* From RCU, so that module exit can wait for its last instruction. */
static void mdk_type_release(struct kobject *kobj)
{
	call_rcu(&to_mdk_type(kobj)->rcu, mdk_type_free);
}

static const struct kobj_type mdk_type_ktype = {
	.sysfs_ops = &mdk_type_sysfs_ops,
	.release = mdk_type_release,
};

/* 36 characters and at most one newline: contract.md section 3. */
static int mdk_parse_uuid(const char *buf, size_t count, guid_t *uuid)
{
	if (count == UUID_STRING_LEN + 1 && buf[UUID_STRING_LEN] == '\n')
		count--;
	if (count != UUID_STRING_LEN)
		return -EINVAL;
	return guid_parse(buf, uuid);
}

static ssize_t create_store(struct kobject *kobj, struct device *dev, const char *buf,
			    size_t count)
{
	guid_t uuid;
	int ret;

	ret = mdk_parse_uuid(buf, count, &uuid);
	if (ret) {
		dev_info(dev, "create: found %zu bytes that are not one UUID; write 36 characters as uuidgen prints them [K30]\n",
			 count);
		return ret;
	}
	ret = mdk_mdev_create(to_mdk_type(kobj), &uuid);
	return ret ?: count;
}

static MDEV_TYPE_ATTR_WO(create);

static int mdk_type_files_add(struct mdk_type *type)
{
	int ret;

	type->devices = kobject_create_and_add("devices", &type->kobj);
	if (!type->devices)
		return -ENOMEM;

	ret = sysfs_create_file(&type->kobj, &mdev_type_attr_create.attr);
	if (!ret && type->group->attrs)
		ret = sysfs_create_files(&type->kobj,
					 (const struct attribute *const *)type->group->attrs);
	return ret;
}

static struct mdk_type *mdk_type_alloc(struct mdk_parent *parent,
				       const struct attribute_group *group)
{
	struct mdk_type *type = kzalloc(sizeof(*type), GFP_KERNEL);

	if (!type)
		return NULL;
	type->parent = mdk_parent_get(parent);
	type->group = group;
	type->kobj.kset = parent->types_kset;
	atomic_inc(&mdk_releases_due);
	return type;
}

static void mdk_type_remove(struct mdk_type *type)
{
	list_del(&type->link);
	sysfs_remove_file(&type->kobj, &mdev_type_attr_create.attr);
	kobject_put(type->devices);
	/* Drains readers of the vendor's attributes. */
	kobject_del(&type->kobj);
	type->group = NULL;
	kobject_put(&type->kobj);
}

static bool mdk_group_has(const struct attribute_group *group, const char *name)
{
	struct attribute **attr;

	for (attr = group->attrs; attr && *attr; attr++)
		if (!strcmp((*attr)->name, name))
			return true;
	return false;
}

/* mdevctl and libvirt cannot use a type without these two (contract.md section 3). */
static const char *const mdk_mandatory[] = { "available_instances", "device_api" };

static int mdk_group_check(struct device *parent, const struct attribute_group *group)
{
	size_t i;

	if (!group->name || !*group->name || strchr(group->name, '/')) {
		dev_err(parent, "a type is named '%s': set .name of each group in supported_type_groups to a name without '/' [K16]\n",
			group->name ?: "");
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(mdk_mandatory); i++) {
		if (mdk_group_has(group, mdk_mandatory[i]))
			continue;
		dev_err(parent, "type '%s' has no attribute %s: add a MDEV_TYPE_ATTR_RO(%s) to its group [K17]\n",
			group->name, mdk_mandatory[i], mdk_mandatory[i]);
		return -EINVAL;
	}
	return 0;
}

static int mdk_type_create(struct mdk_parent *parent, const struct attribute_group *group)
{
	struct mdk_type *type;
	int ret;

	ret = mdk_group_check(parent->dev, group);
	if (ret)
		return ret;
	type = mdk_type_alloc(parent, group);
	if (!type)
		return -ENOMEM;

	ret = kobject_init_and_add(&type->kobj, (struct kobj_type *)&mdk_type_ktype, NULL, "%s-%s",
				   dev_driver_string(parent->dev), group->name);
	if (ret) {
		dev_err(parent->dev, "type '%s' cannot be added (errno %d): another one may have its name [K21]\n",
			group->name, -ret);
		kobject_put(&type->kobj);
		return ret;
	}
	list_add_tail(&type->link, &parent->types);

	ret = mdk_type_files_add(type);
	if (ret) {
		dev_err(parent->dev, "the files of type '%s' cannot be added (errno %d): two may have one name [K22]\n",
			group->name, -ret);
		mdk_type_remove(type);
	}
	return ret;
}

/* All or none. The vendor sees each type's directory only when it is complete. */
int mdk_types_create(struct mdk_parent *parent)
{
	struct attribute_group **group;
	int ret = 0;

	parent->types_kset = kset_create_and_add("mdev_supported_types", NULL, &parent->dev->kobj);
	if (!parent->types_kset)
		return -ENOMEM;

	for (group = parent->ops.supported_type_groups; *group && !ret; group++)
		ret = mdk_type_create(parent, *group);
	if (ret)
		mdk_types_remove(parent);
	return ret;
}

/* Drains the writers of `create`, so the caller holds no lock that a create may want. */
void mdk_types_stop_create(struct mdk_parent *parent)
{
	struct mdk_type *type;

	list_for_each_entry(type, &parent->types, link)
		sysfs_remove_file(&type->kobj, &mdev_type_attr_create.attr);
}

void mdk_types_remove(struct mdk_parent *parent)
{
	struct mdk_type *type, *next;

	list_for_each_entry_safe(type, next, &parent->types, link)
		mdk_type_remove(type);
	kset_unregister(parent->types_kset);
	parent->types_kset = NULL;
}
