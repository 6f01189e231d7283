// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus and the compat class as our own. They are called "mdev" and "mdev_bus", or "mdk_mdev" and
 * "mdk_mdev_bus" with bus=private, for a host where the kernel's own mdev core has the names.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/bus.h>

#include "mdev_private.h"

static DEFINE_MUTEX(mdk_mdev_class_lock);
static struct class_compat *mdk_mdev_class;
static const char *mdk_mdev_class_name = "mdev_bus";

static int mdk_mdev_bus_match(struct device *dev, mdk_bus_match_driver *drv)
{
	/* Devices are attached by create, with its errno; never by autoprobe or a bind file. */
	return 0;
}

static int mdk_mdev_bus_probe(struct device *dev)
{
	struct mdk_mdev_driver *drv = container_of(dev->driver, struct mdk_mdev_driver, driver);

	return drv->probe(dev_to_mdk_mdev(dev));
}

static void mdk_mdev_bus_remove(struct device *dev)
{
	struct mdk_mdev_driver *drv = container_of(dev->driver, struct mdk_mdev_driver, driver);

	drv->remove(dev_to_mdk_mdev(dev));
}

struct bus_type mdk_mdev_bus = {
	.name = "mdev",
	.match = mdk_mdev_bus_match,
	.probe = mdk_mdev_bus_probe,
	.remove = mdk_mdev_bus_remove,
};

void mdk_mdev_own_names_private(void)
{
	mdk_mdev_bus.name = "mdk_mdev";
	mdk_mdev_class_name = "mdk_mdev_bus";
}

int mdk_mdev_own_init(void)
{
	int ret = bus_register(&mdk_mdev_bus);

	if (ret)
		pr_err("cannot register the bus '%s' (errno %d): %s [K2]\n", mdk_mdev_bus.name, -ret,
		       mdk_cause(ret, "another module has a bus of that name"));
	return ret;
}

void mdk_mdev_own_exit(void)
{
	if (mdk_mdev_class)
		class_compat_unregister(mdk_mdev_class);
	bus_unregister(&mdk_mdev_bus);
}

int mdk_mdev_own_driver_register(struct mdk_mdev_driver *drv)
{
	drv->driver.bus = &mdk_mdev_bus;
	drv->driver.suppress_bind_attrs = true;
	return driver_register(&drv->driver);
}

int mdk_mdev_own_attach(struct mdk_mdev *mdev)
{
	return device_driver_attach(&mdev->drv->driver, mdev->dev);
}

/* v11: the class comes with the first parent, not with the module. It then stays until exit. */
static int mdk_mdev_class_need(struct device *dev)
{
	int ret = 0;

	mutex_lock(&mdk_mdev_class_lock);
	if (!mdk_mdev_class)
		mdk_mdev_class = class_compat_register(mdk_mdev_class_name);
	if (!mdk_mdev_class)
		ret = -ENOMEM;
	mutex_unlock(&mdk_mdev_class_lock);
	if (ret)
		dev_err(dev, "the class '%s', in which tools look for parents, cannot be made (errno %d): memory ran out, unless the kernel's lines before say that the name is taken [K170]\n",
			mdk_mdev_class_name, -ret);
	return ret;
}

/*
 * v11: a parent works without its link. If another parent has a link of that name no attempt is
 * made: sysfs dumps a stack for a name that is taken.
 */
static void mdk_mdev_class_link(struct mdk_mdev_parent *parent)
{
	struct device *dev = parent->dev;
	int ret = -EEXIST;

	if (!mdk_mdev_parent_name_taken(parent))
		ret = mdk_class_compat_create_link(mdk_mdev_class, dev);
	parent->linked = !ret;
	if (ret)
		dev_warn(dev, "no link in /sys/class/%s, so tools will not list it (errno %d): %s [K13]\n",
			 mdk_mdev_class_name, -ret, mdk_cause(ret, "another parent has the same name"));
}

static int mdk_mdev_own_parent_add(struct mdk_mdev_parent *parent, struct device *dev,
				   struct attribute_group **groups, void **data)
{
	int ret;

	ret = mdk_mdev_class_need(dev);
	if (!ret)
		ret = mdk_mdev_types_create(parent);
	if (!ret)
		mdk_mdev_class_link(parent);
	return ret;
}

static void mdk_mdev_own_parent_remove(struct mdk_mdev_parent *parent, void *data)
{
	if (parent->linked)
		mdk_class_compat_remove_link(mdk_mdev_class, parent->dev);
	mdk_mdev_types_remove(parent);
}

static void mdk_mdev_own_device_remove(struct mdk_mdev *mdev, struct device *dev)
{
	mdk_mdev_remove_claimed(mdev);
}

static bool mdk_mdev_own_owns(const struct device *dev)
{
	return dev->bus == &mdk_mdev_bus;
}

const struct mdk_mdev_bus_ops mdk_mdev_own_bus = {
	.owner = THIS_MODULE,
	.parent_add = mdk_mdev_own_parent_add,
	.create_stop = mdk_mdev_types_stop_create,
	.parent_remove = mdk_mdev_own_parent_remove,
	.device_remove = mdk_mdev_own_device_remove,
	.owns = mdk_mdev_own_owns,
};
