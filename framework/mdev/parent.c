// SPDX-License-Identifier: GPL-2.0-only
/* Registration of parents. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>

#include "mdev_private.h"
#include "registration.h"

static DEFINE_MUTEX(mdk_mdev_parents_lock);
static LIST_HEAD(mdk_mdev_parents);

static void mdk_mdev_parent_free(struct kref *kref)
{
	struct mdk_mdev_parent *parent = container_of(kref, struct mdk_mdev_parent, kref);

	kfree(parent->bus_data);
	kfree(parent);
}

struct mdk_mdev_parent *mdk_mdev_parent_get(struct mdk_mdev_parent *parent)
{
	kref_get(&parent->kref);
	return parent;
}

void mdk_mdev_parent_put(struct mdk_mdev_parent *parent)
{
	kref_put(&parent->kref, mdk_mdev_parent_free);
}

static void mdk_mdev_parent_set_complete(struct mdk_mdev_parent *parent)
{
	smp_store_release(&parent->complete, true);
	wake_up_all(&parent->changed);
}

/* In a sysfs write, for which the removal of the type waits: so mdk_create_refuse() ends it. */
int mdk_mdev_parent_wait_complete(struct mdk_mdev_parent *parent)
{
	return wait_event_killable(parent->changed, smp_load_acquire(&parent->complete));
}

void mdk_create_refuse(struct mdk_mdev_parent *parent)
{
	WRITE_ONCE(parent->dying, true);
	mdk_mdev_parent_set_complete(parent);
}
EXPORT_SYMBOL_GPL(mdk_create_refuse);

/* The messages of v11; with bus=kernel the kernel's own core has printed them already. */
static void mdk_mdev_parent_announce(struct mdk_mdev_parent *parent, bool registered)
{
	char *env[] = { registered ? "MDEV_STATE=registered" : "MDEV_STATE=unregistered", NULL };

	if (parent->bus->announces)
		return;
	if (registered)
		dev_info(parent->dev, "MDEV: Registered\n");
	else
		dev_info(parent->dev, "MDEV: Unregistering\n");
	kobject_uevent_env(&parent->dev->kobj, KOBJ_CHANGE, env);
}

/*
 * On kernels whose VFIO core answers VFIO_DEVICE_GET_REGION_INFO itself, a v11 driver that answers
 * it in its ioctl would appear to have no regions. So it is refused.
 */
static int mdk_mdev_check_region_info(struct device *dev, const struct mdev_parent_ops *ops)
{
	if (!mdk_have_region_info_op() || !ops->ioctl || ops->get_region_info)
		return 0;
	dev_err(dev, "VFIO_DEVICE_GET_REGION_INFO does not reach mdev_parent_ops.ioctl on this kernel: set .get_region_info [K12]\n");
	return -EOPNOTSUPP;
}

static struct mdk_mdev_parent *mdk_mdev_parent_alloc(struct device *dev,
						     const struct mdev_parent_ops *ops,
						     const struct mdk_mdev_registration *reg)
{
	struct mdk_mdev_parent *parent = kzalloc(sizeof(*parent), GFP_KERNEL);

	if (!parent)
		return NULL;
	kref_init(&parent->kref);
	init_rwsem(&parent->unreg_sem);
	mutex_init(&parent->vendor_lock);
	INIT_LIST_HEAD(&parent->types);
	spin_lock_init(&parent->children_lock);
	INIT_LIST_HEAD(&parent->children);
	init_waitqueue_head(&parent->changed);
	parent->dev = get_device(dev);
	memcpy(&parent->ops, ops, min(reg->size, sizeof(parent->ops)));
	if (!parent->ops.owner)
		parent->ops.owner = reg->owner;
	return parent;
}

static struct mdk_mdev_parent *mdk_mdev_parent_find(struct device *dev)
{
	struct mdk_mdev_parent *parent;

	list_for_each_entry(parent, &mdk_mdev_parents, link)
		if (parent->dev == dev)
			return parent;
	return NULL;
}

/* Context: in the parent_add of a bus. Return: another parent has a link of this name. */
bool mdk_mdev_parent_name_taken(struct mdk_mdev_parent *parent)
{
	struct mdk_mdev_parent *other;

	lockdep_assert_held(&mdk_mdev_parents_lock);
	list_for_each_entry(other, &mdk_mdev_parents, link)
		if (other->linked && !strcmp(dev_name(other->dev), dev_name(parent->dev)))
			return true;
	return false;
}

static int mdk_mdev_parent_sysfs_add(struct mdk_mdev_parent *parent)
{
	struct device *dev = parent->dev;
	int ret;

	ret = sysfs_create_groups(&dev->kobj, parent->ops.dev_attr_groups);
	if (ret) {
		dev_err(dev, "the files of dev_attr_groups cannot be added (errno %d): %s [K20]\n", -ret,
			mdk_cause(ret, "the device has a file or a group of such a name, which the kernel's line before names; rename yours"));
		return ret;
	}
	ret = parent->bus->parent_add(parent, dev, parent->ops.supported_type_groups,
				      &parent->bus_data);
	if (ret)
		sysfs_remove_groups(&dev->kobj, parent->ops.dev_attr_groups);
	return ret;
}

static int mdk_mdev_parent_register(struct mdk_mdev_parent *parent)
{
	int ret = -EEXIST;

	parent->bus = mdk_mdev_bus_get(parent->dev);
	if (!parent->bus)
		return -ENODEV;
	mutex_lock(&mdk_mdev_parents_lock);
	if (!mdk_mdev_parent_find(parent->dev))
		ret = mdk_mdev_parent_sysfs_add(parent);
	else
		dev_err(parent->dev, "the device is registered already: mdev_unregister_device() comes first [K19]\n");
	if (!ret)
		list_add_tail(&parent->link, &mdk_mdev_parents);
	mutex_unlock(&mdk_mdev_parents_lock);
	if (ret)
		mdk_mdev_bus_put(parent->bus);
	return ret;
}

int mdk_mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops,
			     const struct mdk_mdev_registration *reg)
{
	struct mdk_mdev_parent *parent;
	int ret;

	if (!dev || !ops || !reg) {
		pr_err("mdev_register_device: the device or its ops are NULL: give both [K18]\n");
		return -EINVAL;
	}
	ret = mdk_mdev_check_abi(dev, ops, reg);
	if (ret)
		return ret;
	parent = mdk_mdev_parent_alloc(dev, ops, reg);
	if (!parent)
		return -ENOMEM;

	/* Checks the copy: the table of an older driver ends before the newer members. */
	ret = mdk_mdev_check_present(dev, &parent->ops) ?:
	      mdk_mdev_check_migration(dev, &parent->ops) ?:
	      mdk_mdev_check_region_info(dev, &parent->ops) ?:
	      mdk_mdev_check_types(dev, &parent->ops);
	if (!ret) {
		mdk_mdev_bus_load_driver();
		ret = mdk_mdev_parent_register(parent);
	}
	if (ret) {
		dev_err(dev, "MDEV: not registered (errno %d): %s [K14]\n", -ret,
			mdk_cause_before(ret));
		put_device(dev);
		mdk_mdev_parent_put(parent);
		return ret;
	}
	mdk_mdev_parent_announce(parent, true);
	mdk_mdev_parent_set_complete(parent);
	return 0;
}

static struct mdk_mdev_parent *mdk_mdev_parent_take(struct device *dev)
{
	struct mdk_mdev_parent *parent;

	mutex_lock(&mdk_mdev_parents_lock);
	parent = mdk_mdev_parent_find(dev);
	if (parent && parent->leaving)
		parent = NULL;
	if (parent)
		parent->leaving = true;
	mutex_unlock(&mdk_mdev_parents_lock);
	return parent;
}

/* Until its names are free, a parent of the same name must see it in the list. */
static void mdk_mdev_parent_drop(struct mdk_mdev_parent *parent)
{
	mutex_lock(&mdk_mdev_parents_lock);
	list_del(&parent->link);
	mutex_unlock(&mdk_mdev_parents_lock);
}

void mdk_mdev_unregister_device(struct device *dev)
{
	struct mdk_mdev_parent *parent = mdk_mdev_parent_take(dev);

	if (!parent) {
		dev_err(dev, "mdev_unregister_device: this device is not registered, or is already going; unregister once what was registered [K15]\n");
		return;
	}
	mdk_mdev_parent_announce(parent, false);

	down_write(&parent->unreg_sem);
	parent->dying = true;
	up_write(&parent->unreg_sem);

	if (parent->bus->create_stop)
		parent->bus->create_stop(parent);
	mdk_mdev_children_evict(parent);
	parent->bus->parent_remove(parent, parent->bus_data);
	sysfs_remove_groups(&dev->kobj, parent->ops.dev_attr_groups);

	mdk_mdev_parent_drop(parent);
	mdk_mdev_bus_put(parent->bus);
	put_device(dev);
	mdk_mdev_parent_put(parent);
}
