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
	mutex_init(&dev->mutex);
	spin_lock_init(&dev->user_managed_lock);
	kref_init(&dev->user_refs);
	INIT_LIST_HEAD(&dev->user_managed);
}

int device_add(struct device *dev)
{
	might_sleep();
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
	might_sleep();
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

static void managed_add(struct device *dev, struct managed *managed, void (*fn)(void *data),
			void *data)
{
	unsigned long flags;

	managed->fn = fn;
	managed->data = data;
	spin_lock_irqsave(&dev->user_managed_lock, flags);
	list_add(&managed->link, &dev->user_managed);
	spin_unlock_irqrestore(&dev->user_managed_lock, flags);
}

/* Takes the last one off, or that of @data. */
static struct managed *managed_take(struct device *dev, void (*fn)(void *data), const void *data)
{
	struct managed *managed, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&dev->user_managed_lock, flags);
	list_for_each_entry(managed, &dev->user_managed, link) {
		if (fn && (managed->fn != fn || managed->data != data))
			continue;
		found = managed;
		list_del(&found->link);
		break;
	}
	spin_unlock_irqrestore(&dev->user_managed_lock, flags);
	return found;
}

int devm_add_action(struct device *dev, void (*fn)(void *data), void *data)
{
	struct managed *managed = kmalloc(sizeof(*managed), GFP_KERNEL);

	if (!managed)
		return -ENOMEM;
	managed_add(dev, managed, fn, data);
	return 0;
}

int devm_add_action_or_reset(struct device *dev, void (*fn)(void *data), void *data)
{
	int ret = devm_add_action(dev, fn, data);

	if (ret)
		fn(data);
	return ret;
}

void devm_remove_action(struct device *dev, void (*fn)(void *data), void *data)
{
	struct managed *managed = managed_take(dev, fn, data);

	if (!managed)
		user_warn(__FILE__, __LINE__, "devm_remove_action() of what was not added");
	kfree(managed);
}

void devm_release_action(struct device *dev, void (*fn)(void *data), void *data)
{
	devm_remove_action(dev, fn, data);
	fn(data);
}

static void managed_free(void *data)
{
	kfree(data);
}

void *user_devm_alloc(struct device *dev, size_t size, gfp_t flags, const char *file, int line)
{
	void *mem = user_alloc(size, flags, KMALLOC_MAX_SIZE, file, line);
	struct managed *managed = kmalloc(sizeof(*managed), flags);

	if (managed && !ZERO_OR_NULL_PTR(mem)) {
		managed_add(dev, managed, managed_free, mem);
		return mem;
	}
	kfree(managed);
	kfree(mem);
	return managed && mem ? ZERO_SIZE_PTR : NULL;
}

void devm_kfree(struct device *dev, const void *mem)
{
	struct managed *managed;

	if (ZERO_OR_NULL_PTR(mem))
		return;
	managed = managed_take(dev, managed_free, mem);
	if (!managed)
		user_bug(__FILE__, __LINE__, "devm_kfree() of what is not this device's");
	kfree(managed);
	kfree(mem);
}

void *devm_kmemdup(struct device *dev, const void *from, size_t size, gfp_t flags)
{
	void *mem = devm_kmalloc(dev, size, flags);

	return mem ? memcpy(mem, from, size) : NULL;
}

char *devm_kstrdup(struct device *dev, const char *text, gfp_t flags)
{
	return text ? devm_kmemdup(dev, text, strlen(text) + 1, flags) : NULL;
}

char *devm_kasprintf(struct device *dev, gfp_t flags, const char *fmt, ...)
{
	char *text, *copy;
	va_list args;

	va_start(args, fmt);
	text = kvasprintf(flags, fmt, args);
	va_end(args);
	copy = devm_kstrdup(dev, text, flags);
	kfree(text);
	return copy;
}

void user_devm_release(struct device *dev)
{
	struct managed *managed;

	while ((managed = managed_take(dev, NULL, NULL))) {
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
PARAM(short, short, kstrtos16(val, 0, kp->arg), "%d");
PARAM(ushort, unsigned short, kstrtou16(val, 0, kp->arg), "%u");
PARAM(byte, u8, kstrtou8(val, 0, kp->arg), "%u");
PARAM(long, long, kstrtol(val, 0, kp->arg), "%ld");
PARAM(ullong, unsigned long long, kstrtoull(val, 0, kp->arg), "%llu");
PARAM(hexint, unsigned int, kstrtouint(val, 0, kp->arg), "%#08x");

static int charp_set(const char *val, const struct kernel_param *kp)
{
	*(char **)kp->arg = kstrdup(val, GFP_KERNEL);
	return *(char **)kp->arg ? 0 : -ENOMEM;
}

const struct kernel_param_ops param_ops_charp = { .set = charp_set };

static const struct kernel_param *param_element(const struct kernel_param *kp,
						struct kernel_param *element, unsigned int nr)
{
	const struct kparam_array *array = kp->arg;

	*element = *kp;
	element->ops = array->ops;
	element->arg = (char *)array->elem + nr * array->elemsize;
	return element;
}

/* Values with commas between them. */
static int array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *array = kp->arg;
	char *copy = kstrdup(val, GFP_KERNEL), *rest = copy, *text;
	struct kernel_param element;
	unsigned int nr = 0;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && (text = strsep(&rest, ","))) {
		ret = -EINVAL;
		if (nr < array->max)
			ret = array->ops->set(text, param_element(kp, &element, nr));
		nr += !ret;
	}
	if (array->num)
		*array->num = nr;
	kfree(copy);
	return ret;
}

const struct kernel_param_ops param_array_ops = { .set = array_set };

static int string_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *string = kp->arg;

	return strscpy(string->string, val, string->maxlen) < 0 ? -ENOSPC : 0;
}

const struct kernel_param_ops param_ops_string = { .set = string_set };

/* UUIDs: guid_t has the lowest byte of the first three numbers first, uuid_t the highest. */

bool uuid_is_valid(const char *text)
{
	size_t i;

	if (strnlen(text, UUID_STRING_LEN) < UUID_STRING_LEN)
		return false;
	for (i = 0; i < UUID_STRING_LEN; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' :
							      hex_to_bin(text[i]) < 0)
			return false;
	return true;
}

/* @at: where in the text the digits of each byte are. */
static int parse(const char *text, const u8 *at, u8 *bytes)
{
	size_t i;

	if (!uuid_is_valid(text))
		return -EINVAL;
	for (i = 0; i < sizeof(uuid_t); i++)
		bytes[i] = hex_to_bin(text[at[i]]) << 4 | hex_to_bin(text[at[i] + 1]);
	return 0;
}

int guid_parse(const char *text, guid_t *guid)
{
	static const u8 at[] = { 6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34 };

	return parse(text, at, guid->b);
}

int uuid_parse(const char *text, uuid_t *uuid)
{
	static const u8 at[] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };

	return parse(text, at, uuid->b);
}

void guid_gen(guid_t *guid)
{
	get_random_bytes(guid, sizeof(*guid));
	guid->b[7] = (guid->b[7] & 0x0f) | 0x40;
	guid->b[8] = (guid->b[8] & 0x3f) | 0x80;
}

void uuid_gen(uuid_t *uuid)
{
	get_random_bytes(uuid, sizeof(*uuid));
	uuid->b[6] = (uuid->b[6] & 0x0f) | 0x40;
	uuid->b[8] = (uuid->b[8] & 0x3f) | 0x80;
}
