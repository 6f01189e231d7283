// SPDX-License-Identifier: GPL-2.0-only
/* Layer 1 in user space: devices, from create to remove, and VFIO's calls. */
#include <errno.h>
#include <stdlib.h>

#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "shell.h"

static const struct bus_type mdev_bus = { .name = "mdev" };
static struct device_driver mdev_driver = { .name = "vfio_mdev" };

struct device *mdk_mdev_dev(struct mdev_device *mdev)
{
	return &to_user_device(mdev)->dev;
}

struct device *mdk_mdev_parent_dev(struct mdev_device *mdev)
{
	return to_user_device(mdev)->parent->dev;
}

const guid_t *mdk_mdev_uuid(struct mdev_device *mdev)
{
	return &to_user_device(mdev)->uuid;
}

struct mdev_device *mdk_mdev_from_dev(struct device *dev)
{
	return dev->bus == &mdev_bus ? &container_of(dev, struct user_device, dev)->base : NULL;
}

static void device_free(struct device *dev)
{
	kfree(container_of(dev, struct user_device, dev));
}

static bool uuid_taken(const guid_t *uuid)
{
	struct user_parent *parent;
	struct user_device *dev;

	list_for_each_entry(parent, &user_parents, link)
		list_for_each_entry(dev, &parent->devices, link)
			if (guid_equal(&dev->uuid, uuid))
				return true;
	return false;
}

static struct user_device *device_alloc(struct user_type *type, const guid_t *uuid)
{
	struct user_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	device_initialize(&dev->dev);
	dev->uuid = *uuid;
	dev->type = type;
	dev->parent = type->parent;
	dev->dev.bus = &mdev_bus;
	dev->dev.driver = &mdev_driver;
	dev->dev.parent = type->parent->dev;
	dev->dev.release = device_free;
	user_memory_init(dev);
	user_migration_init(dev);
	if (!dev_set_name(&dev->dev, "%pUl", uuid) && !device_add(&dev->dev))
		return dev;
	put_device(&dev->dev);
	return NULL;
}

static void device_drop(struct user_device *dev)
{
	device_del(&dev->dev);
	put_device(&dev->dev);
}

static int vendor_create(struct user_device *dev)
{
	struct user_parent *parent = dev->parent;
	int ret;

	mutex_lock(&parent->vendor_lock);
	ret = parent->ops.create(&dev->type->kobj, &dev->base);
	mutex_unlock(&parent->vendor_lock);
	if (ret)
		dev_info(parent->dev, "create %pUl: the driver refused (errno %d); its own lines before say why, if it gave any [K34]\n",
			 &dev->uuid, -ret);
	return user_errno(ret);
}

/* By the type's name, or the first of the parent @dev. */
static int create(const char *name, const struct device *parent, const guid_t *uuid,
		  struct user_device **out)
{
	struct user_type *type;
	struct user_device *dev;
	int ret;

	mutex_lock(&user_lock);
	type = name ? user_type_find(name) : user_type_first(parent);
	ret = !type ? -ENOENT : type->parent->dying ? -ENODEV : uuid_taken(uuid) ? -EEXIST : 0;
	mutex_unlock(&user_lock);
	if (ret)
		return ret;
	dev = device_alloc(type, uuid);
	if (!dev)
		return -ENOMEM;
	ret = vendor_create(dev);
	if (ret) {
		device_drop(dev);
		return ret;
	}
	mutex_lock(&user_lock);
	list_add_tail(&dev->link, &type->parent->devices);
	mutex_unlock(&user_lock);
	*out = dev;
	return 0;
}

struct user_device *user_device_create(const char *type, const char *uuid)
{
	struct user_device *dev = NULL;
	guid_t guid;
	int ret = strlen(uuid) == UUID_STRING_LEN ? guid_parse(uuid, &guid) : -EINVAL;

	ret = ret ?: create(type, NULL, &guid, &dev);
	if (ret)
		errno = -ret;
	return dev;
}

int user_device_create_first(const struct device *parent, const guid_t *uuid,
			     struct user_device **out)
{
	return create(NULL, parent, uuid, out);
}

int user_device_remove(struct user_device *dev)
{
	struct user_parent *parent = dev->parent;
	int ret;

	mutex_lock(&user_lock);
	ret = dev->open ? -EBUSY : 0;
	if (!ret)
		list_del(&dev->link);
	mutex_unlock(&user_lock);
	if (ret)
		return ret;
	mutex_lock(&parent->vendor_lock);
	ret = parent->ops.remove(&dev->base);
	mutex_unlock(&parent->vendor_lock);
	if (ret && !parent->dying) {
		mutex_lock(&user_lock);
		list_add_tail(&dev->link, &parent->devices);
		mutex_unlock(&user_lock);
		return -EBUSY;
	}
	device_drop(dev);
	return 0;
}

static int set_open(struct user_device *dev)
{
	int ret = 0;

	mutex_lock(&user_lock);
	if (dev->parent->dying)
		ret = -ENODEV;
	else if (dev->open)
		ret = -EBUSY;
	else
		WRITE_ONCE(dev->open, true);
	mutex_unlock(&user_lock);
	return ret;
}

static void set_closed(struct user_device *dev)
{
	mutex_lock(&user_lock);
	WRITE_ONCE(dev->open, false);
	dev->requests = 0;
	mutex_unlock(&user_lock);
	wake_up_all(&dev->parent->changed);
}

int user_device_open(struct user_device *dev)
{
	const struct mdev_parent_ops *ops = &dev->parent->ops;
	int ret;

	if (!ops->open) {
		dev_info(&dev->dev, "open: its driver has no open callback, so no device of it can be used: set mdev_parent_ops.open [K50]\n");
		return -EINVAL;
	}
	ret = set_open(dev);
	if (ret)
		return ret;
	WRITE_ONCE(dev->touched, false);
	WRITE_ONCE(dev->fault, 0);
	ret = user_errno(ops->open(&dev->base));
	if (ret) {
		dev_info(&dev->dev, "open: the driver refused (errno %d); its own lines before say why, if it gave any [K52]\n",
			 -ret);
		set_closed(dev);
	}
	return ret;
}

/* No pin from here on; the driver's release stops the DMA; then the memory goes. */
void user_device_close(struct user_device *dev)
{
	WRITE_ONCE(dev->touched, false);
	if (dev->parent->ops.release)
		dev->parent->ops.release(&dev->base);
	user_migration_drop(dev);
	user_memory_drop(dev);
	set_closed(dev);
}

int user_device_fault(struct user_device *dev)
{
	return __atomic_load_n(&dev->fault, __ATOMIC_ACQUIRE);
}

int user_device_touch(struct user_device *dev)
{
	if (!READ_ONCE(dev->open))
		return -ENODEV;
	WRITE_ONCE(dev->touched, true);
	return user_device_fault(dev);
}

ssize_t user_device_read(struct user_device *dev, void *buf, size_t len, uint64_t pos)
{
	loff_t at = pos;
	ssize_t ret = user_device_touch(dev);

	if (ret || !dev->parent->ops.read)
		return ret ?: -EINVAL;
	ret = dev->parent->ops.read(&dev->base, buf, len, &at);
	return user_device_fault(dev) ?: ret;
}

ssize_t user_device_write(struct user_device *dev, const void *buf, size_t len, uint64_t pos)
{
	loff_t at = pos;
	ssize_t ret = user_device_touch(dev);

	if (ret || !dev->parent->ops.write)
		return ret ?: -EINVAL;
	ret = dev->parent->ops.write(&dev->base, buf, len, &at);
	return user_device_fault(dev) ?: ret;
}

/* Too short a buffer gets the size it needs and no chain: uapi, struct vfio_region_info. */
static void caps_reply(struct vfio_region_info *info, struct vfio_info_cap *caps, void *arg)
{
	if (!caps->size)
		return;
	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	if (info->argsz < sizeof(*info) + caps->size) {
		info->argsz = sizeof(*info) + caps->size;
		return;
	}
	vfio_info_cap_shift(caps, sizeof(*info));
	memcpy((char *)arg + sizeof(*info), caps->buf, caps->size);
	info->cap_offset = sizeof(*info);
}

static int region_info(struct user_device *dev, void *arg)
{
	const size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = {}, asked;
	struct vfio_info_cap caps = {};
	int ret;

	memcpy(&asked, arg, minsz);
	if (asked.argsz < minsz)
		return -EINVAL;
	info.argsz = asked.argsz;
	info.index = asked.index;
	ret = dev->parent->ops.get_region_info(&dev->base, &info, &caps);
	if (!ret) {
		caps_reply(&info, &caps, arg);
		memcpy(arg, &info, minsz);
	}
	kfree(caps.buf);
	return ret;
}

/* A driver reads the fixed part before it looks at argsz; no more of them has more than that. */
#define FIXED_MAX 256
/* The most that a structure may have: more than VFIO's vectors in one call. */
#define ARGSZ_MAX (1U << 20)

static int call(struct user_device *dev, unsigned int cmd, void *arg)
{
	const struct mdev_parent_ops *ops = &dev->parent->ops;

	if (cmd == VFIO_DEVICE_GET_REGION_INFO && ops->get_region_info)
		return region_info(dev, arg);
	return ops->ioctl ? ops->ioctl(&dev->base, cmd, (unsigned long)arg) : -EINVAL;
}

/* What is behind argsz is not the caller's: the driver works on a copy that has room for it. */
static int call_with_argsz(struct user_device *dev, unsigned int cmd, void *arg)
{
	u32 argsz;
	void *copy;
	int ret;

	memcpy(&argsz, arg, sizeof(argsz));
	if (argsz > ARGSZ_MAX)
		return -E2BIG;
	copy = kzalloc(max_t(u32, argsz, FIXED_MAX), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, arg, max_t(u32, argsz, sizeof(argsz)));
	ret = call(dev, cmd, copy);
	if (ret >= 0)
		memcpy(arg, copy, max_t(u32, argsz, sizeof(argsz)));
	kfree(copy);
	return ret;
}

int user_device_ioctl(struct user_device *dev, unsigned int cmd, void *arg)
{
	int ret = user_device_touch(dev);

	if (ret)
		return ret;
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
	case VFIO_DEVICE_GET_REGION_INFO:
	case VFIO_DEVICE_GET_IRQ_INFO:
	case VFIO_DEVICE_SET_IRQS:
	case VFIO_DEVICE_QUERY_GFX_PLANE:
	case VFIO_DEVICE_FEATURE:
		ret = call_with_argsz(dev, cmd, arg);
		break;
	default:
		ret = call(dev, cmd, arg);
	}
	if (cmd == VFIO_DEVICE_RESET)
		user_migration_look(dev);
	return user_device_fault(dev) ?: ret;
}

/* Files */

static struct device_attribute *attr_in(const struct attribute_group *group, const char *path)
{
	size_t len = group->name ? strlen(group->name) : 0;
	struct attribute **attr;

	if (len && (strncmp(path, group->name, len) || path[len] != '/'))
		return NULL;
	path += len ? len + 1 : 0;
	for (attr = group->attrs; *attr; attr++)
		if (!strcmp((*attr)->name, path))
			return container_of(*attr, struct device_attribute, attr);
	return NULL;
}

static struct device_attribute *attr_find(struct user_device *dev, const char *path)
{
	const struct attribute_group **group = dev->parent->ops.mdev_attr_groups;
	struct device_attribute *attr = NULL;

	for (; group && *group && !attr; group++)
		attr = attr_in(*group, path);
	return attr;
}

/* What sysfs has of a parent that does DMA. An IOMMU translates for every card. */
static ssize_t show_parent(const struct device *parent, const char *path, char *buf)
{
	if (!strcmp(path, "dma_mask_bits") && parent->dma_mask)
		return sysfs_emit(buf, "%d\n", fls64(*parent->dma_mask));
	if (!strcmp(path, "iommu_group/type") && parent->dma_mask)
		return sysfs_emit(buf, "DMA\n");
	return -ENOENT;
}

static ssize_t show(struct user_device *dev, const char *path, char *buf)
{
	struct device_attribute *attr;

	if (!strncmp(path, "../", 3))
		return show_parent(dev->parent->dev, path + 3, buf);
	attr = attr_find(dev, path);
	if (!attr || !attr->show)
		return attr ? -EACCES : -ENOENT;
	return attr->show(&dev->dev, attr, buf);
}

ssize_t user_device_attr_read(struct user_device *dev, const char *path, char *buf, size_t len)
{
	char *page = kzalloc(PAGE_SIZE, GFP_KERNEL);
	ssize_t ret;

	if (!page)
		return -ENOMEM;
	ret = show(dev, path, page);
	if (ret >= 0) {
		ret = min_t(size_t, ret, len);
		memcpy(buf, page, ret);
	}
	kfree(page);
	return ret;
}

ssize_t user_device_attr_write(struct user_device *dev, const char *path, const char *buf,
			       size_t len)
{
	struct device *parent = dev->parent->dev;
	struct device_attribute *attr;
	char *text;
	ssize_t ret;

	if (!strcmp(path, "../reset") && dev_is_pci(parent))
		return pci_reset_function(to_pci_dev(parent)) ?: (ssize_t)len;
	attr = attr_find(dev, path);
	if (!attr || !attr->store)
		return attr ? -EACCES : -ENOENT;
	text = kmemdup_nul(buf, min_t(size_t, len, PAGE_SIZE - 1), GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	ret = attr->store(&dev->dev, attr, text, min_t(size_t, len, PAGE_SIZE - 1));
	kfree(text);
	return ret;
}
