/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the mdev core and the owner of the bus that its devices are on: ourselves (bus_own.c, the
 * bus "mdev" or "mdk_mdev"), or the kernel's own mdev core (mdk_mdev_kernel.ko).
 *
 * No name in here is one of the v11 contract, since <linux/mdev.h> uses those for other things:
 * mdk_mdev_kernel.ko includes both that and this file, and never mdev_sdk/mdev.h.
 */
#ifndef MDK_MDEV_BUS_H
#define MDK_MDEV_BUS_H

#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/uuid.h>

#include "cause.h"

struct mdk_mdev;
struct mdk_mdev_parent;

/**
 * struct mdk_mdev_type - a type; first member of the bus' own struct, which is freed by kfree()
 * @parent: holds a reference
 * @group: the vendor's attributes, while the directory exists
 * @kobj: mdev_supported_types/<prefix>-<name>, made by the bus
 * @link: for the bus
 * @rcu: frees it
 */
struct mdk_mdev_type {
	struct mdk_mdev_parent *parent;
	const struct attribute_group *group;
	struct kobject *kobj;
	struct list_head link;
	struct rcu_head rcu;
};

/**
 * struct mdk_mdev_bus_ops - an owner of a bus
 * @owner: pinned while a parent is registered
 * @announces: the bus itself reports a parent that comes or goes, in the log and by a uevent
 * @parent_add: make the directories of the types in @groups (NULL-terminated, checked): all or
 *	none; if one fails, mdk_create_refuse() before the others are removed. Then the link in
 *	the class, which may fail (v11). *@data is for @parent_remove; it is freed with the parent
 * @create_stop: NULL, or wait until no create runs. The core refuses new ones already.
 * @parent_remove: the reverse of @parent_add. No device of the parent is bound.
 * @device_remove: remove a device whose parent goes, which is claimed and has no user. The caller
 *	holds references to it.
 * @owns: is @dev a mediated device of this core? false for another driver's and for a parent
 */
struct mdk_mdev_bus_ops {
	struct module *owner;
	bool announces;
	int (*parent_add)(struct mdk_mdev_parent *parent, struct device *dev,
			  struct attribute_group **groups, void **data);
	void (*create_stop)(struct mdk_mdev_parent *parent);
	void (*parent_remove)(struct mdk_mdev_parent *parent, void *data);
	void (*device_remove)(struct mdk_mdev *mdev, struct device *dev);
	bool (*owns)(const struct device *dev);
};

/* Registers the bus of another module; refused without bus=kernel. */
int mdk_bus_register(const struct mdk_mdev_bus_ops *ops);
void mdk_bus_unregister(const struct mdk_mdev_bus_ops *ops);
/* Waits until the release of each type that was put has returned; for module exit. */
void mdk_releases_wait(void);

/* Each type is initialised once, and freed once by its kobject's release. */
void mdk_type_init(struct mdk_mdev_type *type, struct mdk_mdev_parent *parent,
		   const struct attribute_group *group);
void mdk_type_free(struct mdk_mdev_type *type);

/* The vendor's attribute of a name or NULL; reading and writing it. */
struct attribute *mdk_type_attr(const struct mdk_mdev_type *type, const char *name);
ssize_t mdk_type_show(const struct mdk_mdev_type *type, struct attribute *attr, char *buf);
ssize_t mdk_type_store(const struct mdk_mdev_type *type, struct attribute *attr, const char *buf,
		       size_t count);

/*
 * The write to `create`, which waits until the registration is over. @make creates the device
 * @uuid and returns 0 or an errno; the parent stays registered meanwhile.
 */
ssize_t mdk_create_store(struct mdk_mdev_type *type, const char *buf, size_t count,
			 int (*make)(struct mdk_mdev_type *type, const guid_t *uuid));
/* The registration has failed: writers that wait in `create` return, and new ones are refused. */
void mdk_create_refuse(struct mdk_mdev_parent *parent);

/*
 * For a bus whose devices another module makes. mdk_mdev_probe(): @dev exists, and user space sees
 * it already. Calls ops->create and adds the VFIO device. Return: 0, or the errno for `create`.
 * mdk_mdev_unprobe(), before @dev is removed: asks its user to close it, waits, and undoes that.
 */
int mdk_mdev_probe(struct mdk_mdev_type *type, struct device *dev, const guid_t *uuid);
void mdk_mdev_unprobe(struct device *dev);
/*
 * After a create. A write to `remove` of a device that is still incomplete makes the kernel's core
 * delete that file first and refuse the removal then: this makes the file again.
 */
void mdk_mdev_keep_removable(const guid_t *uuid);

#endif /* MDK_MDEV_BUS_H */
