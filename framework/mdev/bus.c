// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus "mdev", the compat class "mdev_bus", and the one bus driver.
 *
 * Everything that depends on who owns the bus is behind the mdk_bus_* and mdk_class_* calls of
 * mdev_private.h, so that another owner (the kernel's own mdev core) can take this file's place.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/bus.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "mdev_private.h"

static DEFINE_MUTEX(mdk_driver_lock);
static struct mdk_mdev_driver *mdk_driver;

static DEFINE_MUTEX(mdk_class_lock);
static struct class_compat *mdk_class;

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
static bool mdk_bus_name_taken(void)
{
	struct kset *buses = bus_get_kset(&platform_bus_type)->kobj.kset;
	struct kobject *other = kset_find_obj(buses, mdk_mdev_bus.name);

	kobject_put(other);
	return other;
}

int mdk_bus_init(void)
{
	int ret;

	if (mdk_bus_name_taken()) {
		pr_err("the bus 'mdev' belongs to another module (the kernel's mdev.ko, loaded by kvmgt or a driver on the kernel's own core): unload it first, or do not load mdk_mdev beside it [K1]\n");
		return -EBUSY;
	}
	ret = bus_register(&mdk_mdev_bus);
	if (ret)
		pr_err("cannot register the bus 'mdev' (errno %d) [K2]\n", -ret);
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
		mdk_class = class_compat_register("mdev_bus");
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
