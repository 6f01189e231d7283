// SPDX-License-Identifier: GPL-2.0-only
/*
 * bus=kernel: parents and devices on the kernel's own mdev core, beside kvmgt's and others'. A
 * module of its own, because what depends on mdev.ko brings it along, and mdk_mdev.ko must neither
 * do that where the bus is ours nor fail where there is no mdev.ko. (symbol_get() would not do: the
 * functions of mdev.ko are not GPL-only, which it refuses since 6.6, and it loads nothing.)
 *
 * The kernel's core makes the directories and the devices. All that it asks its driver for comes
 * from our core; the files of a type are the vendor's own, as on our bus.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mdev.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../mdev/bus.h"

/**
 * struct mdk_kernel_type - a type
 * @type: ours; first
 * @theirs: the kernel's
 * @ktype: what sysfs calls: theirs, but for reading, writing and the release
 * @before: theirs
 */
struct mdk_kernel_type {
	struct mdk_mdev_type type;
	struct mdev_type theirs;
	struct kobj_type ktype;
	const struct kobj_type *before;
};

/**
 * struct mdk_kernel_parent - a parent; lives as long as any of its types
 * @theirs: the kernel's
 * @nr_types: entries of @types
 * @types: as the kernel wants them
 */
struct mdk_kernel_parent {
	struct mdev_parent theirs;
	unsigned int nr_types;
	struct mdev_type *types[];
};

static struct mdk_kernel_type *to_mdk_kernel_type(struct mdev_type *theirs)
{
	return container_of(theirs, struct mdk_kernel_type, theirs);
}

static struct mdk_kernel_type *kobj_to_mdk_kernel_type(struct kobject *kobj)
{
	return container_of(kobj, struct mdk_kernel_type, theirs.kobj);
}

/* Devices */

/**
 * struct mdk_kernel_maker - a create that came by our file
 * @link: mdk_kernel_makers
 * @task: who writes; the kernel's core calls the driver from there
 */
struct mdk_kernel_maker {
	struct list_head link;
	struct task_struct *task;
};

static DEFINE_SPINLOCK(mdk_kernel_makers_lock);
static LIST_HEAD(mdk_kernel_makers);

static void mdk_kernel_maker_add(struct mdk_kernel_maker *maker)
{
	maker->task = current;
	spin_lock(&mdk_kernel_makers_lock);
	list_add(&maker->link, &mdk_kernel_makers);
	spin_unlock(&mdk_kernel_makers_lock);
}

static void mdk_kernel_maker_del(struct mdk_kernel_maker *maker)
{
	spin_lock(&mdk_kernel_makers_lock);
	list_del(&maker->link);
	spin_unlock(&mdk_kernel_makers_lock);
}

static bool mdk_kernel_makes(void)
{
	struct mdk_kernel_maker *maker;
	bool found = false;

	spin_lock(&mdk_kernel_makers_lock);
	list_for_each_entry(maker, &mdk_kernel_makers, link)
		found |= maker->task == current;
	spin_unlock(&mdk_kernel_makers_lock);
	return found;
}

/*
 * The kernel shows its own file `create` before it can be ours. What came by that one is not made:
 * nothing keeps the parent for it, and nobody gives it its file `remove` back.
 */
static int mdk_kernel_probe(struct mdev_device *theirs)
{
	struct mdk_mdev_type *type = &to_mdk_kernel_type(theirs->type)->type;

	if (mdk_kernel_makes())
		return mdk_mdev_probe(type, &theirs->dev, &theirs->uuid);
	dev_info(theirs->type->parent->dev, "create %pUl: it came while the parent was being registered, and nothing was created: write it again [K173]\n",
		 &theirs->uuid);
	return -EAGAIN;
}

static void mdk_kernel_remove(struct mdev_device *theirs)
{
	mdk_mdev_unprobe(&theirs->dev);
}

/*
 * That it is there lifts the kernel's own limits. Read only until the vendor's own file stands in
 * its place; the uevent that announces of the parent is out by then.
 */
static unsigned int mdk_kernel_available(struct mdev_type *theirs)
{
	struct mdk_mdev_type *type = &to_mdk_kernel_type(theirs)->type;
	struct attribute *vendors = mdk_type_attr(type, "available_instances");
	char *page = (char *)get_zeroed_page(GFP_KERNEL);
	unsigned int available = 0;

	if (page && mdk_type_show(type, vendors, page) > 0 && kstrtouint(page, 0, &available))
		available = 0;
	free_page((unsigned long)page);
	return available;
}

static struct mdev_driver mdk_kernel_driver = {
	/* As for available_instances; every type has a file of its own. */
	.device_api = "vfio-pci",
	.probe = mdk_kernel_probe,
	.remove = mdk_kernel_remove,
	.get_available = mdk_kernel_available,
	.driver = {
		.name = "vfio_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.suppress_bind_attrs = true,
	},
};

/* Unbound, it takes no more of anybody; the kernel's half goes with the parent. */
static void mdk_kernel_device_remove(struct mdk_mdev *mdev, struct device *dev)
{
	device_release_driver(dev);
}

static bool mdk_kernel_owns(const struct device *dev)
{
	return dev->driver == &mdk_kernel_driver.driver;
}

/* The files of a type */

static ssize_t mdk_kernel_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct mdk_kernel_type *type = kobj_to_mdk_kernel_type(kobj);
	struct attribute *vendors = mdk_type_attr(&type->type, attr->name);

	return vendors ? mdk_type_show(&type->type, vendors, buf) :
	       type->before->sysfs_ops->show(kobj, attr, buf);
}

/* The attribute `create` of the kernel's; the same one for all types. */
static struct attribute *mdk_kernel_create;

static int mdk_kernel_make(struct mdk_mdev_type *ours, const guid_t *uuid)
{
	struct mdk_kernel_type *type = container_of(ours, struct mdk_kernel_type, type);
	char name[UUID_STRING_LEN + 1];
	struct mdk_kernel_maker maker;
	ssize_t ret;

	snprintf(name, sizeof(name), "%pUl", uuid);
	mdk_kernel_maker_add(&maker);
	ret = type->before->sysfs_ops->store(&type->theirs.kobj, READ_ONCE(mdk_kernel_create),
					     name, UUID_STRING_LEN);
	mdk_kernel_maker_del(&maker);
	if (ret == -EEXIST)
		dev_info(type->theirs.parent->dev, "create %pUl: the UUID is in use on this host; take another, as uuidgen prints it [K106]\n",
			 uuid);
	if (ret < 0)
		return ret;
	mdk_mdev_keep_removable(uuid);
	return 0;
}

static ssize_t mdk_kernel_store(struct kobject *kobj, struct attribute *attr, const char *buf,
				size_t count)
{
	struct mdk_kernel_type *type = kobj_to_mdk_kernel_type(kobj);
	struct attribute *vendors;

	if (!strcmp(attr->name, "create")) {
		WRITE_ONCE(mdk_kernel_create, attr);
		return mdk_create_store(&type->type, buf, count, mdk_kernel_make);
	}
	vendors = mdk_type_attr(&type->type, attr->name);
	return vendors ? mdk_type_store(&type->type, vendors, buf, count) :
	       type->before->sysfs_ops->store(kobj, attr, buf, count);
}

static const struct sysfs_ops mdk_kernel_sysfs_ops = {
	.show = mdk_kernel_show,
	.store = mdk_kernel_store,
};

/* A device that is still referred to keeps its type, so this may be long after the parent. */
static void mdk_kernel_type_release(struct kobject *kobj)
{
	struct mdk_kernel_type *type = kobj_to_mdk_kernel_type(kobj);

	type->before->release(kobj);
	mdk_type_free(&type->type);
}

/* From here on the files are the vendor's. The kernel's own are there already. */
static int mdk_kernel_type_take(struct mdk_kernel_type *type)
{
	struct kobject *kobj = &type->theirs.kobj;
	struct attribute **attr = type->type.group->attrs;
	int ret = 0;

	type->before = kobj->ktype;
	type->ktype = *type->before;
	type->ktype.sysfs_ops = &mdk_kernel_sysfs_ops;
	type->ktype.release = mdk_kernel_type_release;
	smp_store_release(&kobj->ktype, &type->ktype);

	for (; attr && *attr && !ret; attr++) {
		struct kernfs_node *theirs = kernfs_find_and_get(kobj->sd, (*attr)->name);

		if (!theirs)
			ret = sysfs_create_file(kobj, *attr);
		kernfs_put(theirs);
	}
	return ret;
}

/* Parents */

static struct mdk_kernel_parent *mdk_kernel_parent_alloc(struct attribute_group **groups)
{
	struct mdk_kernel_parent *parent;
	unsigned int n = 0;

	while (groups[n])
		n++;
	parent = kzalloc(struct_size(parent, types, n), GFP_KERNEL);
	if (parent)
		parent->nr_types = n;
	return parent;
}

/* Those that are not the kernel's, or not any more: no kobject of theirs will release them. */
static void mdk_kernel_types_free(struct mdk_kernel_parent *parent)
{
	unsigned int i;

	for (i = 0; i < parent->nr_types && parent->types[i]; i++) {
#ifdef CONFIG_DEBUG_KOBJECT_RELEASE
		if (parent->types[i]->kobj.state_initialized)
			flush_delayed_work(&parent->types[i]->kobj.release);
#endif
		mdk_type_free(&to_mdk_kernel_type(parent->types[i])->type);
	}
}

static int mdk_kernel_types_alloc(struct mdk_mdev_parent *ours, struct mdk_kernel_parent *parent,
				  struct attribute_group **groups)
{
	unsigned int i;

	for (i = 0; i < parent->nr_types; i++) {
		struct mdk_kernel_type *type = kzalloc(sizeof(*type), GFP_KERNEL);

		if (!type)
			return -ENOMEM;
		mdk_type_init(&type->type, ours, groups[i]);
		type->type.kobj = &type->theirs.kobj;
		type->theirs.sysfs_name = groups[i]->name;
		parent->types[i] = &type->theirs;
	}
	return 0;
}

static int mdk_kernel_register(struct mdk_kernel_parent *parent, struct device *dev)
{
	int ret = mdev_register_parent(&parent->theirs, dev, &mdk_kernel_driver, parent->types,
				       parent->nr_types);

	if (ret)
		dev_err(dev, "the kernel's mdev core does not take the parent (errno %d): %s [K107]\n",
			-ret, mdk_cause(ret, "the device has a folder mdev_supported_types already, of another registration"));
	return ret;
}

static int mdk_kernel_types_take(struct mdk_kernel_parent *parent, struct device *dev)
{
	int ret = 0, first = 0;
	unsigned int i;

	/* All of them: a type that is not taken would be released by the kernel alone. */
	for (i = 0; i < parent->nr_types; i++) {
		ret = mdk_kernel_type_take(to_mdk_kernel_type(parent->types[i]));
		if (ret && !first) {
			dev_err(dev, "the files of type '%s' cannot be added (errno %d): %s [K109]\n",
				parent->types[i]->sysfs_name, -ret,
				mdk_cause(ret, "two of them have one name"));
			first = ret;
		}
	}
	return first;
}

static int mdk_kernel_parent_add(struct mdk_mdev_parent *ours, struct device *dev,
				 struct attribute_group **groups, void **data)
{
	struct mdk_kernel_parent *parent = mdk_kernel_parent_alloc(groups);
	int ret;

	*data = parent;
	if (!parent)
		return -ENOMEM;
	ret = mdk_kernel_types_alloc(ours, parent, groups);
	if (!ret)
		ret = mdk_kernel_register(parent, dev);
	if (ret) {
		mdk_kernel_types_free(parent);
		return ret;
	}
	ret = mdk_kernel_types_take(parent, dev);
	if (ret) {
		mdk_create_refuse(ours);
		mdev_unregister_parent(&parent->theirs);
	}
	return ret;
}

static void mdk_kernel_parent_remove(struct mdk_mdev_parent *ours, void *data)
{
	struct mdk_kernel_parent *parent = data;

	mdev_unregister_parent(&parent->theirs);
}

static const struct mdk_mdev_bus_ops mdk_kernel_bus_ops = {
	.owner = THIS_MODULE,
	.announces = true,
	.parent_add = mdk_kernel_parent_add,
	.parent_remove = mdk_kernel_parent_remove,
	.device_remove = mdk_kernel_device_remove,
	.owns = mdk_kernel_owns,
};

static int __init mdk_mdev_kernel_init(void)
{
	int ret = mdev_register_driver(&mdk_kernel_driver);

	if (ret) {
		pr_err("the kernel's mdev core does not take our driver vfio_mdev (errno %d): %s [K108]\n",
		       -ret, mdk_cause(ret, "another module has one of that name"));
		return ret;
	}
	ret = mdk_bus_register(&mdk_kernel_bus_ops);
	if (ret)
		mdev_unregister_driver(&mdk_kernel_driver);
	return ret;
}

static void __exit mdk_mdev_kernel_exit(void)
{
	mdk_bus_unregister(&mdk_kernel_bus_ops);
	mdev_unregister_driver(&mdk_kernel_driver);
	mdk_releases_wait();
}

module_init(mdk_mdev_kernel_init)
module_exit(mdk_mdev_kernel_exit)

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: mediated devices on the kernel's own mdev core");
