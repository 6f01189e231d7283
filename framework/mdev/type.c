// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev_supported_types/<prefix>-<type>: create, the vendor's attributes, devices/ (contract.md
 * section 3).
 */
#include <linux/slab.h>

#include "mdev_private.h"
#include "registration.h"

/**
 * mdk_type_attr() - find an attribute of the vendor's
 * @type: the type, whose directory is there
 * @name: of a file
 *
 * Context: any. Return: it, or NULL.
 */
struct attribute *mdk_type_attr(const struct mdk_mdev_type *type, const char *name)
{
	return mdk_mdev_group_attr(type->group, name);
}
EXPORT_SYMBOL_GPL(mdk_type_attr);

ssize_t mdk_type_show(const struct mdk_mdev_type *type, struct attribute *a, char *buf)
{
	struct mdev_type_attribute *attr = container_of(a, struct mdev_type_attribute, attr);

	if (!attr->show)
		return -EIO;
	return attr->show(type->kobj, type->parent->dev, buf);
}
EXPORT_SYMBOL_GPL(mdk_type_show);

ssize_t mdk_type_store(const struct mdk_mdev_type *type, struct attribute *a, const char *buf,
		       size_t count)
{
	struct mdev_type_attribute *attr = container_of(a, struct mdev_type_attribute, attr);

	if (!attr->store)
		return -EIO;
	return attr->store(type->kobj, type->parent->dev, buf, count);
}
EXPORT_SYMBOL_GPL(mdk_type_store);

/**
 * mdk_type_init() - set up a type before its directory is made
 * @type: zeroed
 * @parent: its parent
 * @group: the vendor's attributes
 *
 * Context: any.
 */
void mdk_type_init(struct mdk_mdev_type *type, struct mdk_mdev_parent *parent,
		   const struct attribute_group *group)
{
	type->parent = mdk_mdev_parent_get(parent);
	type->group = group;
	atomic_inc(&mdk_mdev_releases_due);
}
EXPORT_SYMBOL_GPL(mdk_type_init);

static void mdk_mdev_type_free_rcu(struct rcu_head *rcu)
{
	struct mdk_mdev_type *type = container_of(rcu, struct mdk_mdev_type, rcu);

	mdk_mdev_parent_put(type->parent);
	kfree(type);
	atomic_dec(&mdk_mdev_releases_due);
}

/* By call_rcu(), so that module exit can wait for the end of the last one. */
void mdk_type_free(struct mdk_mdev_type *type)
{
	call_rcu(&type->rcu, mdk_mdev_type_free_rcu);
}
EXPORT_SYMBOL_GPL(mdk_type_free);

/*
 * The directories on our own bus.
 */

/**
 * struct mdk_mdev_own_type - a type directory
 * @type: first
 * @kobj: the directory
 * @devices: its `devices` directory
 */
struct mdk_mdev_own_type {
	struct mdk_mdev_type type;
	struct kobject kobj;
	struct kobject *devices;
};

static struct mdk_mdev_own_type *to_mdk_mdev_own_type(struct kobject *kobj)
{
	return container_of(kobj, struct mdk_mdev_own_type, kobj);
}

struct kobject *mdk_mdev_type_devices(struct mdk_mdev_type *type)
{
	return container_of(type, struct mdk_mdev_own_type, type)->devices;
}

struct mdk_mdev_type *mdk_mdev_own_type_of(struct kobject *kobj)
{
	return &to_mdk_mdev_own_type(kobj)->type;
}

static ssize_t mdk_mdev_own_type_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return mdk_type_show(&to_mdk_mdev_own_type(kobj)->type, attr, buf);
}

static ssize_t mdk_mdev_own_type_store(struct kobject *kobj, struct attribute *attr,
				       const char *buf, size_t count)
{
	return mdk_type_store(&to_mdk_mdev_own_type(kobj)->type, attr, buf, count);
}

static const struct sysfs_ops mdk_mdev_own_type_sysfs_ops = {
	.show = mdk_mdev_own_type_show,
	.store = mdk_mdev_own_type_store,
};

static void mdk_mdev_own_type_release(struct kobject *kobj)
{
	mdk_type_free(&to_mdk_mdev_own_type(kobj)->type);
}

static const struct kobj_type mdk_mdev_own_type_ktype = {
	.sysfs_ops = &mdk_mdev_own_type_sysfs_ops,
	.release = mdk_mdev_own_type_release,
};

static int mdk_mdev_type_files_add(struct mdk_mdev_own_type *own)
{
	const struct attribute_group *group = own->type.group;
	int ret;

	own->devices = kobject_create_and_add("devices", &own->kobj);
	if (!own->devices)
		return -ENOMEM;

	ret = sysfs_create_file(&own->kobj, &mdk_mdev_create_file.attr);
	if (!ret && group->attrs)
		ret = sysfs_create_files(&own->kobj,
					 (const struct attribute *const *)group->attrs);
	return ret;
}

static void mdk_mdev_type_remove(struct mdk_mdev_type *type)
{
	/* Removing `create` waits for its writers: those that wait for the registration return. */
	mdk_create_refuse(type->parent);
	list_del(&type->link);
	sysfs_remove_file(type->kobj, &mdk_mdev_create_file.attr);
	kobject_put(mdk_mdev_type_devices(type));
	/* Waits for readers of the vendor's attributes. */
	kobject_del(type->kobj);
	type->group = NULL;
	kobject_put(type->kobj);
}

static int mdk_mdev_type_create(struct mdk_mdev_parent *parent, const struct attribute_group *group)
{
	struct mdk_mdev_own_type *own = kzalloc(sizeof(*own), GFP_KERNEL);
	int ret;

	if (!own)
		return -ENOMEM;
	mdk_type_init(&own->type, parent, group);
	own->type.kobj = &own->kobj;
	own->kobj.kset = parent->types_kset;

	ret = kobject_init_and_add(&own->kobj, (struct kobj_type *)&mdk_mdev_own_type_ktype, NULL,
				   "%s-%s", dev_driver_string(parent->dev), group->name);
	if (ret) {
		dev_err(parent->dev, "type '%s' cannot be added (errno %d): %s [K21]\n", group->name,
			-ret, mdk_cause(ret, "the device has a type of that name"));
		kobject_put(&own->kobj);
		return ret;
	}
	list_add_tail(&own->type.link, &parent->types);

	ret = mdk_mdev_type_files_add(own);
	if (ret) {
		dev_err(parent->dev, "the files of type '%s' cannot be added (errno %d): %s [K22]\n",
			group->name, -ret, mdk_cause(ret, "two of them have one name"));
		mdk_mdev_type_remove(&own->type);
	}
	return ret;
}

/* All or none. The vendor sees each type's directory only when it is complete. */
int mdk_mdev_types_create(struct mdk_mdev_parent *parent)
{
	struct attribute_group **group;
	int ret = 0;

	parent->types_kset = kset_create_and_add("mdev_supported_types", NULL, &parent->dev->kobj);
	if (!parent->types_kset)
		return -ENOMEM;

	for (group = parent->ops.supported_type_groups; *group && !ret; group++)
		ret = mdk_mdev_type_create(parent, *group);
	if (ret)
		mdk_mdev_types_remove(parent);
	return ret;
}

/* Waits for the writers of `create`, so the caller must hold no lock that a create takes. */
void mdk_mdev_types_stop_create(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev_type *type;

	list_for_each_entry(type, &parent->types, link)
		sysfs_remove_file(type->kobj, &mdk_mdev_create_file.attr);
}

void mdk_mdev_types_remove(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev_type *type, *next;

	list_for_each_entry_safe(type, next, &parent->types, link)
		mdk_mdev_type_remove(type);
	kset_unregister(parent->types_kset);
	parent->types_kset = NULL;
}
