/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the mdev core.
 *
 * Locks, outermost first:
 *   mdk_parents_lock    the list of parents; register and unregister
 *   parent->unreg_sem   held for reading by a create, for writing while `dying` is set. Readers
 *                       only try, because they sit inside a sysfs write that type removal drains
 *   parent->vendor_lock ops->create and ops->remove of one parent, one at a time (v11)
 *   parent->children_lock, mdk_devices_lock, mdev->lock: leaves, held for a few lines
 * show() of any attribute takes none of them.
 */
#ifndef MDK_MDEV_PRIVATE_H
#define MDK_MDEV_PRIVATE_H

#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/rwsem.h>

#include <mdev_sdk/mdev_driver.h>

#include "../compat/compat.h"

/* The first ABI of this major version: what older drivers rely on is not here any more. */
#define MDEV_SDK_ABI_OLDEST 1

/**
 * struct mdk_parent - a registered parent
 * @dev: reference held until the end of unregistration, which no release outlives with @dev
 * @ops: our copy, so that a release never reads vendor memory
 * @kref: of this memory: registration, types and mediated devices hold one each
 * @link: mdk_parents
 * @unreg_sem: see above
 * @vendor_lock: see above
 * @dying: no new device; under @unreg_sem
 * @types_kset: mdev_supported_types
 * @types: struct mdk_type.link; constant between register and unregister
 * @children_lock: guards @children
 * @children: mdk_mdev.in_parent
 * @changed: a child was closed or removed
 */
struct mdk_parent {
	struct device *dev;
	struct mdev_parent_ops ops;
	struct kref kref;
	struct list_head link;
	struct rw_semaphore unreg_sem;
	struct mutex vendor_lock;
	bool dying;
	struct kset *types_kset;
	struct list_head types;
	spinlock_t children_lock;
	struct list_head children;
	wait_queue_head_t changed;
};

/**
 * struct mdk_type - a type directory
 * @kobj: mdev_supported_types/<prefix>-<name>
 * @devices: its `devices` directory
 * @parent: holds a reference until @kobj is released
 * @group: the vendor's attributes, while the directory exists
 * @link: parent->types
 * @rcu: frees it
 */
struct mdk_type {
	struct kobject kobj;
	struct kobject *devices;
	struct mdk_parent *parent;
	const struct attribute_group *group;
	struct list_head link;
	struct rcu_head rcu;
};

/* parent.c */
struct mdk_parent *mdk_parent_get(struct mdk_parent *parent);
void mdk_parent_put(struct mdk_parent *parent);

/* type.c */
int mdk_types_create(struct mdk_parent *parent);
void mdk_types_stop_create(struct mdk_parent *parent);
void mdk_types_remove(struct mdk_parent *parent);

/* device.c */
int mdk_mdev_create(struct mdk_type *type, const guid_t *uuid);
void mdk_create_failed(struct mdk_parent *parent, const guid_t *uuid, const char *what, int ret);
int mdk_mdev_claim(struct mdk_mdev *mdev);
int mdk_mdev_remove_claimed(struct mdk_mdev *mdev);
void mdk_children_evict(struct mdk_parent *parent);
void mdk_releases_wait(void);
extern atomic_t mdk_releases_due;

/* sysfs.c */
int mdk_mdev_sysfs_add(struct mdk_mdev *mdev);
void mdk_mdev_sysfs_remove(struct mdk_mdev *mdev);
int mdk_mdev_remove_file_add(struct mdk_mdev *mdev);
int mdk_mdev_vendor_files_add(struct mdk_mdev *mdev);
void mdk_mdev_vendor_files_remove(struct mdk_mdev *mdev);

/* bus.c */
extern struct bus_type mdk_mdev_bus;
extern const char *mdk_class_name;
int mdk_bus_init(void);
void mdk_bus_exit(void);
int mdk_bus_attach(struct mdk_mdev *mdev);
void mdk_bus_detached(struct mdk_mdev *mdev);
void mdk_bus_load_driver(void);
int mdk_class_link(struct device *parent);
void mdk_class_unlink(struct device *parent);

#endif /* MDK_MDEV_PRIVATE_H */
