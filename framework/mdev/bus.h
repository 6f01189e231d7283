/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the mdev core and the owner of the bus that its devices are on: ourselves (bus_own.c, the
 * bus "mdev" or "mdk_mdev"), or the kernel's own mdev core (mdk_mdev_kernel.ko).
 *
 * Nothing here has a name of v11's, which <linux/mdev.h> uses for other things: the kernel's side
 * includes this and never mdev_sdk/mdev.h.
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
 * struct mdk_mdev_type - a type; first in what the bus allocates for one, which kfree() frees
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
 * @announces: it says itself, to log and uevents, that a parent comes and goes
 * @parent_add: make the directories of the types in @groups (NULL-terminated, checked): all or
 *	none, and mdk_create_refuse() before any of them goes again. Then the link in the class,
 *	which may fail (v11). *@data is for @parent_remove, and is freed with the parent
 * @create_stop: NULL, or end all creates. The core refuses new ones already.
 * @parent_remove: the reverse of @parent_add. No device of the parent is bound.
 * @device_remove: remove a device whose parent goes, which is claimed and has no user. The caller
 *	holds references to it.
 * @owns: is @dev a mediated device of ours, not another driver's and not a parent
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

/* A bus of another module's; refused unless bus= has asked for it. */
int mdk_bus_register(const struct mdk_mdev_bus_ops *ops);
void mdk_bus_unregister(const struct mdk_mdev_bus_ops *ops);
/* Until all types that were ever released are freed; for module exit. */
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
 * The write to `create`: @make makes the device @uuid while the parent is there; 0 or an errno.
 * Until the registration is over it waits.
 */
ssize_t mdk_create_store(struct mdk_mdev_type *type, const char *buf, size_t count,
			 int (*make)(struct mdk_mdev_type *type, const guid_t *uuid));
/* The registration has failed: whoever waits in `create` leaves, and nobody else gets in. */
void mdk_create_refuse(struct mdk_mdev_parent *parent);

/*
 * For a bus whose devices are not ours: @dev was made, and is seen already; the vendor's half and
 * its VFIO device follow, or an errno that is create's. And before @dev goes, the reverse: waits
 * for its user to leave, and asks for it.
 */
int mdk_mdev_probe(struct mdk_mdev_type *type, struct device *dev, const guid_t *uuid);
void mdk_mdev_unprobe(struct device *dev);
/*
 * After a create: the kernel's core takes the file `remove` off before it looks whether the device
 * is complete, and leaves one without it that is not.
 */
void mdk_mdev_keep_removable(const guid_t *uuid);

#endif /* MDK_MDEV_BUS_H */
