// SPDX-License-Identifier: GPL-2.0-only
/* The writes to `create` and `remove` (contract.md section 3). */
#include <linux/kstrtox.h>

#include "mdev_private.h"

/* 36 characters and at most one newline: contract.md section 3. */
static int mdk_mdev_parse_uuid(const char *buf, size_t count, guid_t *uuid)
{
	if (count == UUID_STRING_LEN + 1 && buf[UUID_STRING_LEN] == '\n')
		count--;
	if (count != UUID_STRING_LEN)
		return -EINVAL;
	return guid_parse(buf, uuid);
}

/**
 * mdk_create_store() - the write to `create`
 * @type: of the new device
 * @buf: what was written
 * @count: its bytes
 * @make: makes the device
 *
 * Context: may sleep, until the registration of the parent is over. Return: @count; -EINVAL for
 * what is no UUID; -ENODEV while the parent goes or without the bridge; -EEXIST for a UUID that
 * exists anywhere on the host; -ENOMEM; -EINTR if killed while it waits; the errno of ops->create.
 */
ssize_t mdk_create_store(struct mdk_mdev_type *type, const char *buf, size_t count,
			 int (*make)(struct mdk_mdev_type *type, const guid_t *uuid))
{
	struct mdk_mdev_parent *parent = type->parent;
	bool going = true;
	guid_t uuid;
	int ret;

	ret = mdk_mdev_parse_uuid(buf, count, &uuid);
	if (ret) {
		dev_info(parent->dev, "create: found %zu bytes that are not one UUID; write 36 characters as uuidgen prints them [K30]\n",
			 count);
		return ret;
	}
	mdk_mdev_bus_load_driver();
	if (mdk_mdev_parent_wait_complete(parent))
		return -EINTR;
	ret = -ENODEV;
	if (down_read_trylock(&parent->unreg_sem)) {
		going = parent->dying;
		if (!going)
			ret = make(type, &uuid);
		up_read(&parent->unreg_sem);
	}
	if (going)
		dev_info(parent->dev, "create %pUl: the parent is going, its driver is being unloaded; load it again first [K32]\n",
			 &uuid);
	return ret ?: count;
}
EXPORT_SYMBOL_GPL(mdk_create_store);

static ssize_t create_store(struct kobject *kobj, struct device *dev, const char *buf,
			    size_t count)
{
	return mdk_create_store(mdk_mdev_own_type_of(kobj), buf, count, mdk_mdev_build);
}

struct mdev_type_attribute mdk_mdev_create_file = __ATTR_WO(create);

/* Rate-limited, since tools repeat a refused removal in a loop. */
static void mdk_mdev_remove_refused(struct device *dev, int ret)
{
	if (ret == -EBUSY)
		dev_info_ratelimited(dev, "remove: busy, a descriptor or a mapping of the device is open; end its user (a virtual machine?) first: 'mdev-sdk doctor' names it [K41]\n");
	else
		dev_info_ratelimited(dev, "remove: another removal is under way; wait until the device is gone [K42]\n");
}

static ssize_t remove_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct mdk_mdev *mdev = dev_to_mdk_mdev(dev);
	unsigned long val;
	int ret;

	if (kstrtoul(buf, 0, &val)) {
		dev_info(dev, "remove: a number is needed; write 1 to remove the device [K40]\n");
		return -EINVAL;
	}
	if (!val)
		return count;

	ret = mdk_mdev_claim(mdev);
	if (ret) {
		mdk_mdev_remove_refused(dev, ret);
		return ret;
	}

	/*
	 * The claim makes us the only remover, so the file is still there. From here on the
	 * write no longer counts as a user of it, else device_del() would wait for ourselves.
	 */
	if (!device_remove_file_self(dev, attr))
		return -ENODEV;
	ret = mdk_mdev_remove_claimed(mdev);
	return ret ?: count;
}

struct device_attribute mdk_mdev_remove_file = __ATTR_WO(remove);
