// SPDX-License-Identifier: GPL-2.0-only
/*
 * A model's own files: its attributes and parameters become attribute groups. The core adds and
 * removes the groups of an instance together with it; those of the parent exist while it is
 * registered.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "run/instance/vendor_checks.h"
#include "attributes.h"
#include "hosts.h"
#include "params.h"

/**
 * struct mdk_attr_file - one file
 * @attr: for sysfs
 * @group: its directory
 * @decl: its row, if it is an attribute
 * @param: number of its row, if it is a parameter
 */
struct mdk_attr_file {
	struct device_attribute attr;
	const char *group;
	const struct mdk_attr *decl;
	u32 param;
};

static struct mdk_inst *mdk_attr_inst(struct device *dev)
{
	return mdev_get_drvdata(mdev_from_dev(dev));
}

/* The instance, or NULL for a parent, whose drvdata is not an instance. */
static struct mdk_dev *mdk_attr_dev(struct device *dev, bool parent)
{
	return parent ? NULL : &mdk_attr_inst(dev)->base;
}

static struct mdk_host *mdk_attr_host(struct device *dev, bool parent)
{
	return mdk_host_of(parent ? dev : mdev_parent_dev(mdev_from_dev(dev)));
}

static ssize_t mdk_attr_show(struct device *dev, struct device_attribute *attr, char *buf,
			     bool parent)
{
	const struct mdk_attr *decl = container_of(attr, struct mdk_attr_file, attr)->decl;
	struct mdk_call_state before = mdk_call_begin();
	int ret = decl->show(mdk_attr_dev(dev, parent), buf, PAGE_SIZE);

	mdk_call_end(mdk_attr_host(dev, parent), "show", decl->name, &before);
	return min_t(int, ret, PAGE_SIZE);
}

static ssize_t mdk_attr_store(struct device *dev, struct device_attribute *attr, const char *buf,
			      size_t count, bool parent)
{
	const struct mdk_attr *decl = container_of(attr, struct mdk_attr_file, attr)->decl;
	size_t size = count && buf[count - 1] == '\n' ? count - 1 : count;
	char *text = kmemdup_nul(buf, size, GFP_KERNEL);
	struct mdk_call_state before;
	int ret;

	if (!text)
		return -ENOMEM;
	before = mdk_call_begin();
	ret = decl->store(mdk_attr_dev(dev, parent), text, size);
	mdk_call_end(mdk_attr_host(dev, parent), "store", decl->name, &before);
	kfree(text);
	return ret < 0 ? ret : count;
}

static ssize_t mdk_inst_attr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return mdk_attr_show(dev, attr, buf, false);
}

static ssize_t mdk_inst_attr_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return mdk_attr_store(dev, attr, buf, count, false);
}

static ssize_t mdk_parent_attr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return mdk_attr_show(dev, attr, buf, true);
}

static ssize_t mdk_parent_attr_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return mdk_attr_store(dev, attr, buf, count, true);
}

static ssize_t mdk_param_attr_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u32 i = container_of(attr, struct mdk_attr_file, attr)->param;

	return scnprintf(buf, PAGE_SIZE, "%u\n", mdk_param_get(mdk_attr_inst(dev), i));
}

static ssize_t mdk_param_attr_store(struct device *dev, struct device_attribute *attr,
				    const char *buf, size_t count)
{
	u32 i = container_of(attr, struct mdk_attr_file, attr)->param;
	int ret = mdk_param_store(mdk_attr_inst(dev), i, buf);

	return ret ? ret : count;
}

static void mdk_attr_file_init(struct mdk_attr_file *file, const struct mdk_attr *decl,
			       bool parent)
{
	file->decl = decl;
	file->group = decl->group;
	sysfs_attr_init(&file->attr.attr);
	file->attr.attr.name = decl->name;
	if (decl->show) {
		file->attr.attr.mode |= 0444;
		file->attr.show = parent ? mdk_parent_attr_show : mdk_inst_attr_show;
	}
	if (decl->store) {
		file->attr.attr.mode |= 0200;
		file->attr.store = parent ? mdk_parent_attr_store : mdk_inst_attr_store;
	}
}

static void mdk_param_file_init(struct mdk_attr_file *file, const struct mdk_desc *desc, u32 i)
{
	const struct mdk_param *param = mdk_desc_param(desc, i);

	file->param = i;
	file->group = param->group;
	sysfs_attr_init(&file->attr.attr);
	file->attr.attr.name = param->name;
	file->attr.attr.mode = 0644;
	file->attr.show = mdk_param_attr_show;
	file->attr.store = mdk_param_attr_store;
}

/**
 * struct mdk_attr_set - the groups made from the tables of a model
 * @groups: for sysfs, NULL-terminated
 * @group: storage of @groups
 * @lists: attribute pointers of all groups, each list NULL-terminated
 * @files: one for each row
 */
struct mdk_attr_set {
	const struct attribute_group **groups;
	struct attribute_group *group;
	struct attribute **lists;
	struct mdk_attr_file *files;
};

void mdk_attrs_free(struct mdk_attr_set *set)
{
	if (!set)
		return;
	kfree(set->groups);
	kfree(set->group);
	kfree(set->lists);
	kfree(set->files);
	kfree(set);
}

static struct mdk_attr_set *mdk_attrs_alloc(u32 nr)
{
	struct mdk_attr_set *set = kzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;
	/* At most one group a row, and one terminator a group. */
	set->groups = kcalloc(nr + 1, sizeof(*set->groups), GFP_KERNEL);
	set->group = kcalloc(nr, sizeof(*set->group), GFP_KERNEL);
	set->lists = kcalloc(2 * nr, sizeof(*set->lists), GFP_KERNEL);
	set->files = kcalloc(nr, sizeof(*set->files), GFP_KERNEL);
	if (!set->groups || !set->group || !set->lists || !set->files) {
		mdk_attrs_free(set);
		return NULL;
	}
	return set;
}

static bool mdk_attr_begins_group(const struct mdk_attr_set *set, u32 i)
{
	u32 j;

	for (j = 0; j < i; j++)
		if (!strcmp(set->files[j].group, set->files[i].group))
			return false;
	return true;
}

/* A directory may have files of both tables: sysfs takes one group of a name. */
static void mdk_attrs_group(struct mdk_attr_set *set, u32 nr)
{
	struct attribute **next = set->lists;
	u32 i, j, nr_groups = 0;

	for (i = 0; i < nr; i++) {
		if (!mdk_attr_begins_group(set, i))
			continue;
		set->group[nr_groups].name = set->files[i].group;
		set->group[nr_groups].attrs = next;
		set->groups[nr_groups] = &set->group[nr_groups];
		nr_groups++;
		for (j = i; j < nr; j++)
			if (!strcmp(set->files[j].group, set->files[i].group))
				*next++ = &set->files[j].attr.attr;
		next++;
	}
}

/* The files of each instance: attributes and parameters. */
struct mdk_attr_set *mdk_attrs_create(const struct mdk_desc *desc)
{
	u32 i, nr = desc->model->nr_attrs;
	struct mdk_attr_set *set = mdk_attrs_alloc(nr + desc->model->nr_params);

	if (!set)
		return NULL;
	for (i = 0; i < nr; i++)
		mdk_attr_file_init(&set->files[i], &desc->model->attrs[i], false);
	for (i = 0; i < desc->model->nr_params; i++)
		mdk_param_file_init(&set->files[nr + i], desc, i);
	mdk_attrs_group(set, nr + desc->model->nr_params);
	return set;
}

struct mdk_attr_set *mdk_parent_attrs_create(const struct mdk_desc *desc)
{
	u32 i, nr = desc->model->nr_parent_attrs;
	struct mdk_attr_set *set = mdk_attrs_alloc(nr);

	if (!set)
		return NULL;
	for (i = 0; i < nr; i++)
		mdk_attr_file_init(&set->files[i], &desc->model->parent_attrs[i], true);
	mdk_attrs_group(set, nr);
	return set;
}

const struct attribute_group **mdk_attrs_groups(struct mdk_attr_set *set)
{
	return set ? set->groups : NULL;
}
