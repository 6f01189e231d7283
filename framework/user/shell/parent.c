// SPDX-License-Identifier: GPL-2.0-only
/* Layer 1 in user space: parents and their types. Mistakes are told as in a kernel. */
#include <linux/slab.h>

#include "mdev/registration.h"
#include "shell.h"

DEFINE_MUTEX(user_lock);
LIST_HEAD(user_parents);

static int type_add(struct user_parent *parent, const struct attribute_group *group)
{
	struct user_type *type = kzalloc(sizeof(*type), GFP_KERNEL);
	if (!type)
		return -ENOMEM;
	type->parent = parent;
	type->group = group;
	type->kobj.name = kasprintf(GFP_KERNEL, "%s-%s", dev_driver_string(parent->dev),
				    group->name);
	list_add_tail(&type->link, &parent->types);
	return type->kobj.name ? 0 : -ENOMEM;
}

static void parent_free(struct user_parent *parent)
{
	struct user_type *type, *next;

	list_for_each_entry_safe(type, next, &parent->types, link) {
		kfree(type->kobj.name);
		kfree(type);
	}
	mutex_destroy(&parent->vendor_lock);
	put_device(parent->dev);
	kfree(parent);
}

static struct user_parent *parent_find(const struct device *dev)
{
	struct user_parent *parent;

	list_for_each_entry(parent, &user_parents, link)
		if (parent->dev == dev)
			return parent;
	return NULL;
}

static struct user_parent *parent_alloc(struct device *dev)
{
	struct user_parent *parent = kzalloc(sizeof(*parent), GFP_KERNEL);

	if (!parent)
		return NULL;
	parent->dev = get_device(dev);
	INIT_LIST_HEAD(&parent->types);
	INIT_LIST_HEAD(&parent->devices);
	mutex_init(&parent->vendor_lock);
	init_waitqueue_head(&parent->changed);
	return parent;
}

int mdk_mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops,
			     const struct mdk_mdev_registration *reg)
{
	struct attribute_group **group;
	struct user_parent *parent;
	int ret = mdk_mdev_check_abi(dev, ops, reg);

	if (ret)
		return ret;
	parent = parent_alloc(dev);
	if (!parent)
		return -ENOMEM;
	/* Of an older driver the table is shorter, and the rest of the copy zero. */
	memcpy(&parent->ops, ops, min(reg->size, sizeof(parent->ops)));
	ret = mdk_mdev_check_present(dev, &parent->ops) ?:
	      mdk_mdev_check_migration(dev, &parent->ops) ?:
	      mdk_mdev_check_types(dev, &parent->ops);
	for (group = parent->ops.supported_type_groups; !ret && *group; group++)
		ret = type_add(parent, *group);
	mutex_lock(&user_lock);
	if (!ret && parent_find(dev))
		ret = -EEXIST;
	if (!ret)
		list_add_tail(&parent->link, &user_parents);
	mutex_unlock(&user_lock);
	if (ret)
		parent_free(parent);
	return ret;
}

static struct user_device *first_device(struct user_parent *parent, bool open)
{
	struct user_device *dev;

	list_for_each_entry(dev, &parent->devices, link)
		if (dev->open == open)
			return dev;
	return NULL;
}

static bool none_open(struct user_parent *parent)
{
	bool none;

	mutex_lock(&user_lock);
	none = !first_device(parent, true);
	mutex_unlock(&user_lock);
	return none;
}

/* Once a second, as the kernel's core does. */
static void ask_to_close(struct user_parent *parent)
{
	struct user_device *dev;

	mutex_lock(&user_lock);
	list_for_each_entry(dev, &parent->devices, link) {
		if (!dev->open)
			continue;
		if (parent->ops.request)
			parent->ops.request(&dev->base, dev->requests);
		if (dev->requests++)
			dev_notice(&dev->dev, "the parent is going and waits for the user of this device to close it [K61]\n");
	}
	mutex_unlock(&user_lock);
}

void mdk_mdev_unregister_device(struct device *dev)
{
	struct user_parent *parent;
	struct user_device *child;

	mutex_lock(&user_lock);
	parent = parent_find(dev);
	if (parent)
		parent->dying = true;
	mutex_unlock(&user_lock);
	if (!parent) {
		WARN(1, "mdev_unregister_device() of what is not registered");
		return;
	}
	while (!none_open(parent)) {
		ask_to_close(parent);
		wait_event_timeout(parent->changed, none_open(parent), HZ);
	}
	while ((child = first_device(parent, false)))
		user_device_remove(child);
	mutex_lock(&user_lock);
	list_del(&parent->link);
	mutex_unlock(&user_lock);
	parent_free(parent);
}

const char *user_type_name(unsigned int nr)
{
	struct user_parent *parent;
	struct user_type *type;
	const char *name = NULL;

	mutex_lock(&user_lock);
	list_for_each_entry(parent, &user_parents, link)
		list_for_each_entry(type, &parent->types, link)
			if (!name && !parent->dev->user_hidden && !nr--)
				name = type->kobj.name;
	mutex_unlock(&user_lock);
	return name;
}

/* The whole name as in sysfs, or the driver's own part of it. */
static bool is_called(const struct user_type *type, const char *name)
{
	/* mdev-sdk: allow mdev-type-name: a client of the server has names only */
	return !strcmp(type->kobj.name, name) || !strcmp(type->group->name, name);
}

struct user_type *user_type_find(const char *name)
{
	struct user_parent *parent;
	struct user_type *type, *found = NULL;

	list_for_each_entry(parent, &user_parents, link)
		list_for_each_entry(type, &parent->types, link)
			if (!parent->dev->user_hidden && is_called(type, name))
				found = found ?: type;
	return found;
}

struct user_type *user_type_first(const struct device *dev)
{
	struct user_parent *parent = parent_find(dev);

	return parent ? list_first_entry_or_null(&parent->types, struct user_type, link) : NULL;
}
