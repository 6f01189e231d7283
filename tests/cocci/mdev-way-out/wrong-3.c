// SPDX-License-Identifier: GPL-2.0-only
/* The same shapes as right-2.c, and something is lost. */
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct unit {
	struct vfio_device vdev;
	struct kref kref;
	struct mutex lock;
	struct module *module;
	int (*run)(struct unit *unit);
};

static int unit_run(struct unit *unit)
{
	int ret;

	if (!try_module_get(unit->module))
		return -ENODEV;
	if (!unit->run)
		return -EINVAL; /* finds: mdev-way-out */
	ret = unit->run(unit);
	module_put(unit->module);
	return ret;
}

static int unit_ioctl(struct unit *unit, void __user *arg, size_t bytes)
{
	char small[128], *data = small;
	int ret = 0;

	if (bytes > sizeof(small)) {
		data = kzalloc(bytes, GFP_KERNEL);
		if (!data)
			return -ENOMEM;
	}
	if (copy_from_user(data, arg, bytes))
		return -EFAULT; /* finds: mdev-way-out */
	ret = unit->run(unit);
	if (data != small)
		kfree(data);
	return ret;
}

static int unit_attach(struct unit *unit)
{
	int ret = -EINVAL;

	mutex_lock(&unit->lock);
	if (!unit->run)
		return ret; /* finds: mdev-way-out */
	ret = unit->run(unit);
	if (unit)
		mutex_unlock(&unit->lock);
	return ret;
}
