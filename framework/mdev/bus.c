// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose bus the devices are on (the parameter bus=), and the one driver that serves them. What
 * differs between the owners is behind struct mdk_mdev_bus_ops.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device/bus.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "../config/default_bus.h"
#include "mdev_private.h"

static char *mdk_mdev_bus_param = MDK_DEFAULT_BUS;
module_param_named(bus, mdk_mdev_bus_param, charp, 0444);
MODULE_PARM_DESC(bus, "own: the bus mdev (refused beside the kernel's mdev core); kernel: on the kernel's mdev core; private: the bus mdk_mdev; auto: the kernel's where it is loaded, else own (default: " MDK_DEFAULT_BUS ")");

static DEFINE_MUTEX(mdk_mdev_bus_driver_lock);
static struct mdk_mdev_driver *mdk_mdev_bus_driver;

/* bus=kernel: the bus is that of another module, which registers it here while it is loaded. */
static bool mdk_mdev_on_kernel_bus;
static DEFINE_MUTEX(mdk_mdev_kernel_bus_lock);
static const struct mdk_mdev_bus_ops *mdk_mdev_kernel_bus;

/* A lookup first: registering a second bus of a name ends in a stack dump in the log. */
static bool mdk_mdev_bus_name_taken(const char *name)
{
	struct kset *buses = bus_get_kset(&platform_bus_type)->kobj.kset;
	struct kobject *other = kset_find_obj(buses, name);

	kobject_put(other);
	return other;
}

static int mdk_mdev_bus_take_own(void)
{
	if (!mdk_mdev_bus_name_taken("mdev"))
		return mdk_mdev_own_init();
	pr_err("the bus 'mdev' belongs to another module (the kernel's mdev.ko, loaded by kvmgt or a driver on the kernel's own core): unload it first, share it with bus=kernel, or load mdk_mdev beside it with bus=private [K1]\n");
	return -EBUSY;
}

static int mdk_mdev_bus_take_private(void)
{
	mdk_mdev_own_names_private();
	return mdk_mdev_own_init();
}

static int mdk_mdev_bus_take_kernel(void)
{
	if (!mdk_mdev_bus_name_taken("mdev"))
		request_module("mdev");
	mdk_mdev_on_kernel_bus = mdk_mdev_bus_name_taken("mdev");
	if (mdk_mdev_on_kernel_bus)
		return 0;
	pr_err("bus=kernel: the kernel's own mdev core is not loaded and cannot be: modprobe mdev says why; where there is no such module (CONFIG_VFIO_MDEV), load mdk_mdev with bus=own [K100]\n");
	return -ENODEV;
}

static int mdk_mdev_bus_take_auto(void)
{
	if (!mdk_mdev_bus_name_taken("mdev")) {
		pr_info("bus=auto: nobody has the bus 'mdev', it is ours [K80]\n");
		return mdk_mdev_own_init();
	}
	pr_info("bus=auto: the bus 'mdev' belongs to the kernel's own mdev core, our devices join it as with bus=kernel [K103]\n");
	return mdk_mdev_bus_take_kernel();
}

static const struct {
	const char *name;
	int (*take)(void);
} mdk_mdev_bus_modes[] = {
	{ "own", mdk_mdev_bus_take_own },
	{ "kernel", mdk_mdev_bus_take_kernel },
	{ "private", mdk_mdev_bus_take_private },
	{ "auto", mdk_mdev_bus_take_auto },
};

int mdk_mdev_bus_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mdk_mdev_bus_modes); i++)
		if (sysfs_streq(mdk_mdev_bus_param, mdk_mdev_bus_modes[i].name))
			return mdk_mdev_bus_modes[i].take();
	pr_err("bus=%s: no such mode; own, kernel, private or auto is needed [K74]\n", mdk_mdev_bus_param);
	return -EINVAL;
}

void mdk_mdev_bus_exit(void)
{
	if (!mdk_mdev_on_kernel_bus)
		mdk_mdev_own_exit();
}

/* bus=kernel */

int mdk_bus_register(const struct mdk_mdev_bus_ops *ops)
{
	if (!mdk_mdev_on_kernel_bus) {
		pr_err("%s is for bus=kernel, and mdk_mdev was loaded with bus=%s: unload both, and load mdk_mdev with bus=kernel [K102]\n",
		       module_name(ops->owner), mdk_mdev_bus_param);
		return -EBUSY;
	}
	mutex_lock(&mdk_mdev_kernel_bus_lock);
	mdk_mdev_kernel_bus = ops;
	mutex_unlock(&mdk_mdev_kernel_bus_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(mdk_bus_register);

void mdk_bus_unregister(const struct mdk_mdev_bus_ops *ops)
{
	mutex_lock(&mdk_mdev_kernel_bus_lock);
	mdk_mdev_kernel_bus = NULL;
	mutex_unlock(&mdk_mdev_kernel_bus_lock);
}
EXPORT_SYMBOL_GPL(mdk_bus_unregister);

static const struct mdk_mdev_bus_ops *mdk_mdev_kernel_bus_get(void)
{
	const struct mdk_mdev_bus_ops *bus;

	mutex_lock(&mdk_mdev_kernel_bus_lock);
	bus = mdk_mdev_kernel_bus;
	if (bus && !try_module_get(bus->owner))
		bus = NULL;
	mutex_unlock(&mdk_mdev_kernel_bus_lock);
	return bus;
}

/* Loads the bus' module, which our module init cannot do: it needs the symbols of this module. */
const struct mdk_mdev_bus_ops *mdk_mdev_bus_get(struct device *parent)
{
	const struct mdk_mdev_bus_ops *bus;

	if (!mdk_mdev_on_kernel_bus)
		return &mdk_mdev_own_bus;
	bus = mdk_mdev_kernel_bus_get();
	if (!bus) {
		request_module("mdk_mdev_kernel");
		bus = mdk_mdev_kernel_bus_get();
	}
	if (!bus)
		dev_err(parent, "bus=kernel needs the module mdk_mdev_kernel, which is not loaded: modprobe mdk_mdev_kernel says why; load mdk_mdev with bus=own or private where it is not built [K101]\n");
	return bus;
}

void mdk_mdev_bus_put(const struct mdk_mdev_bus_ops *bus)
{
	if (bus != &mdk_mdev_own_bus)
		module_put(bus->owner);
}

/* For attributes of our devices and parents: while those exist the bus is not unregistered. */
bool mdk_mdev_bus_owns(const struct device *dev)
{
	const struct mdk_mdev_bus_ops *bus = &mdk_mdev_own_bus;

	if (mdk_mdev_on_kernel_bus)
		bus = READ_ONCE(mdk_mdev_kernel_bus);
	return bus && bus->owns(dev);
}

/* The driver */

static bool mdk_mdev_bus_driver_present(void)
{
	bool present;

	mutex_lock(&mdk_mdev_bus_driver_lock);
	present = mdk_mdev_bus_driver;
	mutex_unlock(&mdk_mdev_bus_driver_lock);
	return present;
}

void mdk_mdev_bus_load_driver(void)
{
	if (!mdk_mdev_bus_driver_present())
		request_module("mdk_vfio_mdev");
}

static struct mdk_mdev_driver *mdk_mdev_bus_driver_get(void)
{
	struct mdk_mdev_driver *drv;

	mutex_lock(&mdk_mdev_bus_driver_lock);
	drv = mdk_mdev_bus_driver;
	if (drv && !try_module_get(drv->driver.owner))
		drv = NULL;
	mutex_unlock(&mdk_mdev_bus_driver_lock);
	return drv;
}

/* An attached device pins the driver's module until it is detached. */
int mdk_mdev_bus_attach(struct mdk_mdev *mdev, int (*attach)(struct mdk_mdev *mdev))
{
	int ret;

	mdev->drv = mdk_mdev_bus_driver_get();
	if (!mdev->drv) {
		dev_err(mdev->parent->dev,
			"create %pUl: the VFIO bridge is not loaded; modprobe mdk_vfio_mdev [K33]\n",
			&mdev->uuid);
		return -ENODEV;
	}
	ret = attach(mdev);
	if (ret) {
		mdk_mdev_create_failed(mdev->parent, &mdev->uuid, "adding it to VFIO", ret);
		mdk_mdev_bus_detached(mdev);
	}
	return ret;
}

void mdk_mdev_bus_detached(struct mdk_mdev *mdev)
{
	if (mdev->drv)
		module_put(mdev->drv->driver.owner);
	mdev->drv = NULL;
}

int mdk_mdev_register_driver(struct mdk_mdev_driver *drv)
{
	int ret = 0;

	if (!mdk_mdev_on_kernel_bus)
		ret = mdk_mdev_own_driver_register(drv);
	if (ret)
		return ret;

	mutex_lock(&mdk_mdev_bus_driver_lock);
	if (mdk_mdev_bus_driver)
		ret = -EBUSY;
	else
		mdk_mdev_bus_driver = drv;
	mutex_unlock(&mdk_mdev_bus_driver_lock);
	if (ret) {
		pr_err("a VFIO bridge is there already: unload its module before another one is loaded [K3]\n");
		if (!mdk_mdev_on_kernel_bus)
			driver_unregister(&drv->driver);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_register_driver);

void mdk_mdev_unregister_driver(struct mdk_mdev_driver *drv)
{
	mutex_lock(&mdk_mdev_bus_driver_lock);
	mdk_mdev_bus_driver = NULL;
	mutex_unlock(&mdk_mdev_bus_driver_lock);
	if (!mdk_mdev_on_kernel_bus)
		driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(mdk_mdev_unregister_driver);
