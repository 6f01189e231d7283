// SPDX-License-Identifier: GPL-2.0-only
/* What a kernel shows of a parent and its types in sysfs and debugfs. */
#include <linux/debugfs.h>
#include <linux/slab.h>

#include "mdev/registration.h"
#include "shell.h"

const char *user_parent_name(void)
{
	struct user_parent *parent;
	const char *name = NULL;

	mutex_lock(&user_lock);
	list_for_each_entry(parent, &user_parents, link)
		if (!name && !parent->dev->user_hidden)
			name = dev_name(parent->dev);
	mutex_unlock(&user_lock);
	return name ?: "";
}

static long ask_available(struct user_type *type)
{
	struct attribute *found = mdk_mdev_group_attr(type->group, "available_instances");
	struct mdev_type_attribute *attr = container_of(found, struct mdev_type_attribute, attr);
	char *page = kzalloc(PAGE_SIZE, GFP_KERNEL);
	long n = -EIO;

	if (!page)
		return -ENOMEM;
	if (attr->show)
		n = attr->show(&type->kobj, type->parent->dev, page);
	if (n > 0 && kstrtol(strim(page), 10, &n))
		n = -EINVAL;
	kfree(page);
	return n;
}

long user_type_available(unsigned int nr)
{
	const char *name = user_type_name(nr);
	struct user_type *type;

	if (!name)
		return -ENOENT;
	mutex_lock(&user_lock);
	type = user_type_find(name);
	mutex_unlock(&user_lock);
	return type ? ask_available(type) : -ENOENT;
}

ssize_t user_page_read(const char *name, char *buf, size_t len)
{
	return user_debugfs_read(user_parent_name(), name, buf, len);
}
