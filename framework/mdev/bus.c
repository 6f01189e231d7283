// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus, the compat class, and the one bus driver. They are called "mdev" and "mdev_bus", or
 * "mdk_mdev" and "mdk_mdev_bus" with bus=private, for a host where the kernel's own mdev core has
 * the names.
 *
 * Everything that depends on who owns the bus is behind the mdk_bus_* and mdk_class_* calls of
 * mdev_private.h, so that another owner (the kernel's own mdev core) can take this file's place.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/bus.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "../config/default_bus.h"
#include "mdev_private.h"

static char *mdk_bus_param = MDK_DEFAULT_BUS;
module_param_named(bus, mdk_bus_param, charp, 0444);
MODULE_PARM_DESC(bus, "own: the bus mdev (refused beside the kernel's mdev core); private: the bus mdk_mdev; auto: own where it is free, else private (default: " MDK_DEFAULT_BUS ")");

static DEFINE_MUTEX(mdk_driver_lock);
static struct mdk_mdev_driver *mdk_driver;

static DEFINE_MUTEX(mdk_class_lock);
static struct class_compat *mdk_class;
const char *mdk_class_name = "mdev_bus";

static int mdk_bus_match(struct device *dev, mdk_bus_match_driver *drv)
{
	/* Devices are attached by create, with its errno; never by autoprobe or a bind file. */
	return 0;
}

static int mdk_bus_probe(struct device *dev)
{
	struct mdk_mdev_driver *drv = container_of(dev->driver, struct mdk_mdev_driver, driver);

	return drv->probe(dev_to_mdk_mdev(dev));
}

static void mdk_bus_remove(struct device *dev)
{
	struct mdk_mdev_driver *drv = container_of(dev->driver, struct mdk_mdev_driver, driver);

	drv->remove(dev_to_mdk_mdev(dev));
}

struct bus_type mdk_mdev_bus = {
	.name = "mdev",
	.match = mdk_bus_match,
	.probe = mdk_bus_probe,
	.remove = mdk_bus_remove,
};

/* A lookup first: registering a second bus of a name ends in a stack dump in the log. */
static bool mdk_bus_name_taken(const char *name)
{
	struct kset *buses = bus_get_kset(&platform_bus_type)->kobj.kset;
	struct kobject *other = kset_find_obj(buses, name);

	kobject_put(other);
	return other;
}

static int mdk_bus_take_own(void)
{
	if (!mdk_bus_name_taken("mdev"))
		return 0;
	pr_err("the bus 'mdev' belongs to another module (the kernel's mdev.ko, loaded by kvmgt or a driver on the kernel's own core): unload it first, or load mdk_mdev beside it with bus=private [K1]\n");
	return -EBUSY;
}

static int mdk_bus_take_private(void)
{
	mdk_mdev_bus.name = "mdk_mdev";
	mdk_class_name = "mdk_mdev_bus";
	return 0;
}

static int mdk_bus_take_auto(void)
{
	if (!mdk_bus_name_taken("mdev")) {
		pr_info("bus=auto: nobody has the bus 'mdev', it is ours [K80]\n");
		return 0;
	}
	pr_info("bus=auto: the bus 'mdev' belongs to another module, ours is 'mdk_mdev' as with bus=private [K81]\n");
	return mdk_bus_take_private();
}

static const struct {
	const char *name;
	int (*take)(void);
} mdk_bus_modes[] = {
	{ "own", mdk_bus_take_own },
	{ "private", mdk_bus_take_private },
	{ "auto", mdk_bus_take_auto },
};

static int mdk_bus_take(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mdk_bus_modes); i++)
		if (sysfs_streq(mdk_bus_param, mdk_bus_modes[i].name))
			return mdk_bus_modes[i].take();
	pr_err("bus=%s: no such mode; own, private or auto is needed [K74]\n", mdk_bus_param);
	return -EINVAL;
}

int mdk_bus_init(void)
{
	int ret = mdk_bus_take();

	if (ret)
		return ret;
	ret = bus_register(&mdk_mdev_bus);
	if (ret)
		pr_err("cannot register the bus '%s' (errno %d) [K2]\n", mdk_mdev_bus.name, -ret);
	return ret;
}

void mdk_bus_exit(void)
{
	if (mdk_class)
		class_compat_unregister(mdk_class);
	bus_unregister(&mdk_mdev_bus);
}

/* v11: the class comes with the first parent, not with the module. It then stays until exit. */
int mdk_class_link(struct device *parent)
{
	int ret = -ENOMEM;

	mutex_lock(&mdk_class_lock);
	if (!mdk_class)
		mdk_class = class_compat_register(mdk_class_name);
	if (mdk_class)
		ret = mdk_class_compat_create_link(mdk_class, parent);
	mutex_unlock(&mdk_class_lock);
	return ret;
}

void mdk_class_unlink(struct device *parent)
{
	mdk_class_compat_remove_link(mdk_class, parent);
}

static bool mdk_driver_present(void)
{
	bool present;

	mutex_lock(&mdk_driver_lock);
	present = mdk_driver;
	mutex_unlock(&mdk_driver_lock);
	return present;
}

void mdk_bus_load_driver(void)
{
	if (!mdk_driver_present())
		request_module("mdk_vfio_mdev");
}

static struct mdk_mdev_driver *mdk_driver_get(void)
{
	struct mdk_mdev_driver *drv;

	mutex_lock(&mdk_driver_lock);
	drv = mdk_driver;
	if (drv && !try_module_get(drv->driver.owner))
		drv = NULL;
	mutex_unlock(&mdk_driver_lock);
	return drv;
}

/* A bound device keeps the driver's module: the device is unbound before it may go. */
int mdk_bus_attach(struct mdk_mdev *mdev)
{
	struct mdk_mdev_driver *drv = mdk_driver_get();
	int ret;

	if (!drv) {
		dev_err(mdev->parent->dev,
			"create %pUl: the VFIO bridge is not loaded; modprobe mdk_vfio_mdev [K33]\n",
			&mdev->uuid);
		return -ENODEV;
	}
	ret = device_driver_attach(&drv->driver, &mdev->dev);
	if (ret) {
		mdk_create_failed(mdev->parent, &mdev->uuid, "adding it to VFIO", ret);
		module_put(drv->driver.owner);
		return ret;
	}
	mdev->drv = drv;
	return 0;
}

/* After device_del(), which unbound the device. */
void mdk_bus_detached(struct mdk_mdev *mdev)
{
	if (mdev->drv)
		module_put(mdev->drv->driver.owner);
	mdev->drv = NULL;
}

int mdk_mdev_register_driver(struct mdk_mdev_driver *drv)
{
	int ret;

	drv->driver.bus = &mdk_mdev_bus;
	drv->driver.suppress_bind_attrs = true;
	ret = driver_register(&drv->driver);
	if (ret)
		return ret;

	mutex_lock(&mdk_driver_lock);
	if (mdk_driver)
		ret = -EBUSY;
	else
		mdk_driver = drv;
	mutex_unlock(&mdk_driver_lock);
	if (ret) {
		pr_err("a VFIO bridge is there already: unload its module before another one is loaded [K3]\n");
		driver_unregister(&drv->driver);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_register_driver);

void mdk_mdev_unregister_driver(struct mdk_mdev_driver *drv)
{
	mutex_lock(&mdk_driver_lock);
	mdk_driver = NULL;
	mutex_unlock(&mdk_driver_lock);
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(mdk_mdev_unregister_driver);
