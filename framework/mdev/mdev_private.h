/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the mdev core.
 *
 * Locks, outermost first:
 *   mdk_mdev_parents_lock    the list of parents; register and unregister
 *   parent->unreg_sem   held for reading by a create, for writing while `dying` is set. Readers
 *                       only try, because they sit inside a sysfs write that type removal drains
 *   parent->vendor_lock ops->create and ops->remove of one parent, one at a time (v11)
 *   parent->children_lock, mdk_mdev_devices_lock, mdev->lock: leaves, held for a few lines
 * show() of any attribute takes none of them.
 */
#ifndef MDK_MDEV_PRIVATE_H
#define MDK_MDEV_PRIVATE_H

#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/rwsem.h>

#include "../compat/compat.h"
#include "driver.h"
#include "bus.h"

/* A guest that ignores the first request to leave is asked again after this many milliseconds. */
#define MDK_MDEV_REQUEST_PERIOD_MS 10000

/**
 * struct mdk_mdev_parent - a registered parent
 * @dev: reference held until the end of unregistration; releases that run later do not use it
 * @ops: our copy, so that a release never reads vendor memory
 * @kref: of this memory: registration, types and mediated devices hold one each
 * @link: mdk_mdev_parents
 * @unreg_sem: see above
 * @vendor_lock: see above
 * @complete: the registration is over; until then a create waits, on @changed
 * @linked: it has a link in the class of our own bus
 * @leaving: unregistration has begun; it stays in the list until its names are free
 * @dying: no new device; under @unreg_sem, or before @complete
 * @bus: the bus that its devices are on; the module is pinned from register to unregister
 * @bus_data: of @bus, freed with this memory
 * @types_kset: mdev_supported_types, on our own bus
 * @types: struct mdk_mdev_type.link, likewise; constant between register and unregister
 * @children_lock: guards @children and @evicting
 * @children: mdk_mdev.in_parent
 * @evicting: number of removals by workers that have not ended
 * @changed: a child was closed or removed, or the registration is over
 */
struct mdk_mdev_parent {
	struct device *dev;
	struct mdev_parent_ops ops;
	struct kref kref;
	struct list_head link;
	struct rw_semaphore unreg_sem;
	struct mutex vendor_lock;
	bool complete;
	bool linked;
	bool leaving;
	bool dying;
	const struct mdk_mdev_bus_ops *bus;
	void *bus_data;
	struct kset *types_kset;
	struct list_head types;
	spinlock_t children_lock;
	struct list_head children;
	unsigned int evicting;
	wait_queue_head_t changed;
};

/* parent.c */
struct mdk_mdev_parent *mdk_mdev_parent_get(struct mdk_mdev_parent *parent);
void mdk_mdev_parent_put(struct mdk_mdev_parent *parent);
int mdk_mdev_parent_wait_complete(struct mdk_mdev_parent *parent);
bool mdk_mdev_parent_name_taken(struct mdk_mdev_parent *parent);

/* type.c */
int mdk_mdev_types_create(struct mdk_mdev_parent *parent);
void mdk_mdev_types_stop_create(struct mdk_mdev_parent *parent);
void mdk_mdev_types_remove(struct mdk_mdev_parent *parent);
struct kobject *mdk_mdev_type_devices(struct mdk_mdev_type *type);
struct mdk_mdev_type *mdk_mdev_own_type_of(struct kobject *kobj);

/* device.c */
int mdk_mdev_build(struct mdk_mdev_type *type, const guid_t *uuid);
void mdk_mdev_create_failed(struct mdk_mdev_parent *parent, const guid_t *uuid, const char *what,
			    int ret);
/* Return: NULL, with a message, without memory. */
struct mdk_mdev *mdk_mdev_alloc(struct mdk_mdev_type *type, const guid_t *uuid);
void mdk_mdev_put(struct mdk_mdev *mdev);
struct mdk_mdev *mdk_mdev_get_by_uuid(const guid_t *uuid);
int mdk_mdev_make(struct mdk_mdev *mdev, int (*add)(struct mdk_mdev *mdev));
void mdk_mdev_set_live(struct mdk_mdev *mdev);
void mdk_mdev_request(struct mdk_mdev *mdev);
int mdk_mdev_vendor_remove(struct mdk_mdev *mdev);
int mdk_mdev_claim(struct mdk_mdev *mdev);
int mdk_mdev_remove_claimed(struct mdk_mdev *mdev);
void mdk_mdev_forget(struct mdk_mdev *mdev);
extern atomic_t mdk_mdev_releases_due;

/* create_remove.c */
extern struct mdev_type_attribute mdk_mdev_create_file;
extern struct device_attribute mdk_mdev_remove_file;

/* children.c */
int mdk_mdev_children_init(void);
void mdk_mdev_children_exit(void);
void mdk_mdev_children_evict(struct mdk_mdev_parent *parent);

/* sysfs.c */
int mdk_mdev_sysfs_add(struct mdk_mdev *mdev);
void mdk_mdev_sysfs_remove(struct mdk_mdev *mdev);
int mdk_mdev_remove_file_add(struct mdk_mdev *mdev);
int mdk_mdev_vendor_files_add(struct mdk_mdev *mdev);
void mdk_mdev_vendor_files_remove(struct mdk_mdev *mdev);

/* bus.c */
int mdk_mdev_bus_init(void);
void mdk_mdev_bus_exit(void);
const struct mdk_mdev_bus_ops *mdk_mdev_bus_get(struct device *parent);
void mdk_mdev_bus_put(const struct mdk_mdev_bus_ops *bus);
bool mdk_mdev_bus_owns(const struct device *dev);
void mdk_mdev_bus_load_driver(void);
int mdk_mdev_bus_attach(struct mdk_mdev *mdev, int (*attach)(struct mdk_mdev *mdev));
void mdk_mdev_bus_detached(struct mdk_mdev *mdev);

/* bus_own.c */
extern struct bus_type mdk_mdev_bus;
extern const struct mdk_mdev_bus_ops mdk_mdev_own_bus;
void mdk_mdev_own_names_private(void);
int mdk_mdev_own_init(void);
void mdk_mdev_own_exit(void);
int mdk_mdev_own_driver_register(struct mdk_mdev_driver *drv);
int mdk_mdev_own_attach(struct mdk_mdev *mdev);

#endif /* MDK_MDEV_PRIVATE_H */
