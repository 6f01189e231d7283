// SPDX-License-Identifier: GPL-2.0-only
/* Devices, classes, parameters of modules. */
#include <pthread.h>
#include <stdlib.h>

#include <user/driver.h>

#include "private.h"

const char *dev_driver_string(const struct device *dev)
{
	if (dev->driver)
		return dev->driver->name;
	if (dev->bus)
		return dev->bus->name;
	return dev->class ? dev->class->name : "";
}

int dev_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;

	kfree(dev->user_name);
	va_start(args, fmt);
	dev->user_name = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	dev->kobj.name = dev->user_name;
	return dev->user_name ? 0 : -ENOMEM;
}

void device_initialize(struct device *dev)
{
	kref_init(&dev->user_refs);
	INIT_LIST_HEAD(&dev->user_managed);
}

int device_add(struct device *dev)
{
	if (!dev->kobj.name)
		return -EINVAL;
	if (dev->parent)
		get_device(dev->parent);
	dev->kobj.parent = dev->parent ? &dev->parent->kobj : NULL;
	return 0;
}

int device_register(struct device *dev)
{
	device_initialize(dev);
	return device_add(dev);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		kref_get(&dev->user_refs);
	return dev;
}

static void device_release(struct kref *kref)
{
	struct device *dev = container_of(kref, struct device, user_refs);
	char *name = dev->user_name;

	user_devm_release(dev);
	if (dev->release)
		dev->release(dev);
	else
		user_warn(__FILE__, __LINE__, "device '%s' has no release function", name);
	kfree(name);
}

void put_device(struct device *dev)
{
	if (dev)
		kref_put(&dev->user_refs, device_release);
}

void device_del(struct device *dev)
{
	put_device(dev->parent);
}

void device_unregister(struct device *dev)
{
	device_del(dev);
	put_device(dev);
}

struct class *class_create(const char *name)
{
	struct class *class = kzalloc(sizeof(*class), GFP_KERNEL);

	if (!class)
		return ERR_PTR(-ENOMEM);
	class->name = name;
	return class;
}

int class_register(struct class *class)
{
	return class->name ? 0 : -EINVAL;
}

void class_unregister(const struct class *class)
{
}

void class_destroy(const struct class *class)
{
	if (!IS_ERR_OR_NULL(class))
		kfree(class);
}

/* By number, for device_destroy(). */
static LIST_HEAD(made);
static DEFINE_MUTEX(made_lock);

struct made_device {
	struct device dev;
	struct list_head link;
};

static void made_free(struct device *dev)
{
	kfree(container_of(dev, struct made_device, dev));
}

static struct device *made_new(struct device *parent, const char *fmt, va_list args)
{
	struct made_device *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return NULL;
	own->dev.parent = parent;
	own->dev.release = made_free;
	own->dev.user_name = kvasprintf(GFP_KERNEL, fmt, args);
	own->dev.kobj.name = own->dev.user_name;
	INIT_LIST_HEAD(&own->link);
	if (device_register(&own->dev)) {
		kfree(own);
		return NULL;
	}
	return &own->dev;
}

struct device *device_create(const struct class *class, struct device *parent, dev_t devt,
			     void *data, const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = made_new(parent, fmt, args);
	va_end(args);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->class = class;
	dev->devt = devt;
	dev_set_drvdata(dev, data);
	mutex_lock(&made_lock);
	if (devt)
		list_add(&container_of(dev, struct made_device, dev)->link, &made);
	mutex_unlock(&made_lock);
	return dev;
}

void device_destroy(const struct class *class, dev_t devt)
{
	struct made_device *own, *found = NULL;

	mutex_lock(&made_lock);
	list_for_each_entry(own, &made, link)
		if (own->dev.class == class && own->dev.devt == devt)
			found = own;
	if (found)
		list_del_init(&found->link);
	mutex_unlock(&made_lock);
	if (found)
		device_unregister(&found->dev);
}

static struct device *named(const char *fmt, ...)
{
	struct device *dev;
	va_list args;

	va_start(args, fmt);
	dev = made_new(NULL, fmt, args);
	va_end(args);
	return dev;
}

struct device *root_device_register(const char *name)
{
	return named("%s", name) ?: ERR_PTR(-ENOMEM);
}

void root_device_unregister(struct device *dev)
{
	device_unregister(dev);
}

/* What ends with a device */

struct managed {
	struct list_head link;
	void (*fn)(void *data);
	void *data;
};

int devm_add_action_or_reset(struct device *dev, void (*fn)(void *data), void *data)
{
	struct managed *managed = kmalloc(sizeof(*managed), GFP_KERNEL);

	if (!managed) {
		fn(data);
		return -ENOMEM;
	}
	managed->fn = fn;
	managed->data = data;
	list_add(&managed->link, &dev->user_managed);
	return 0;
}

static void managed_free(void *data)
{
	kfree(data);
}

void *devm_kzalloc(struct device *dev, size_t size, gfp_t flags)
{
	void *mem = kzalloc(size, flags);

	return mem && devm_add_action_or_reset(dev, managed_free, mem) ? NULL : mem;
}

void user_devm_release(struct device *dev)
{
	struct managed *managed, *next;

	list_for_each_entry_safe(managed, next, &dev->user_managed, link) {
		list_del(&managed->link);
		managed->fn(managed->data);
		kfree(managed);
	}
}

/* Parameters */

#define PARAM(_name, _type, _read, _format)                                                        \
	static int _name##_set(const char *val, const struct kernel_param *kp)                     \
	{                                                                                          \
		return _read;                                                                      \
	}                                                                                          \
	static int _name##_get(char *buf, const struct kernel_param *kp)                           \
	{                                                                                          \
		return scnprintf(buf, PAGE_SIZE, _format "\n", *(_type *)kp->arg);                 \
	}                                                                                          \
	const struct kernel_param_ops param_ops_##_name = {                                        \
		.set = _name##_set,                                                                \
		.get = _name##_get,                                                                \
	}

PARAM(int, int, kstrtoint(val, 0, kp->arg), "%d");
PARAM(uint, unsigned int, kstrtouint(val, 0, kp->arg), "%u");
PARAM(ulong, unsigned long, kstrtoul(val, 0, kp->arg), "%lu");
PARAM(bool, bool, kstrtobool(val, kp->arg), "%d");

static int charp_set(const char *val, const struct kernel_param *kp)
{
	*(const char **)kp->arg = val;
	return 0;
}

const struct kernel_param_ops param_ops_charp = { .set = charp_set };

/* UUIDs: as guid_t has them, the first three numbers' lowest byte first. */

int guid_parse(const char *text, guid_t *guid)
{
	static const u8 at[] = { 6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34 };
	char digits[3] = "";
	size_t i;

	if (strnlen(text, UUID_STRING_LEN + 1) < UUID_STRING_LEN)
		return -EINVAL;
	for (i = 0; i < UUID_STRING_LEN; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' :
							      !strchr("0123456789abcdefABCDEF", text[i]))
			return -EINVAL;
	for (i = 0; i < sizeof(guid->b); i++) {
		memcpy(digits, text + at[i], 2);
		guid->b[i] = strtoul(digits, NULL, 16);
	}
	return 0;
}

void guid_gen(guid_t *guid)
{
	get_random_bytes(guid, sizeof(*guid));
	guid->b[7] = (guid->b[7] & 0x0f) | 0x40;
	guid->b[8] = (guid->b[8] & 0x3f) | 0x80;
}
