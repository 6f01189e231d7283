/* SPDX-License-Identifier: GPL-2.0-only */
/* Layer 1 in user space, inside: parents, types, devices. */
#ifndef USER_SHELL_H
#define USER_SHELL_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include <mdev_sdk/mdev.h>

#include "../device.h"

/**
 * struct user_parent - a registered parent
 * @link: in the list of all
 * @dev: with a reference
 * @ops: our copy of the driver's
 * @types: of struct user_type
 * @devices: of struct user_device
 * @vendor_lock: held across create and remove
 * @changed: woken when a device is closed or removed
 * @dying: it is being unregistered: nothing can be created or opened
 */
struct user_parent {
	struct list_head link;
	struct device *dev;
	struct mdev_parent_ops ops;
	struct list_head types;
	struct list_head devices;
	struct mutex vendor_lock;
	wait_queue_head_t changed;
	bool dying;
};

/**
 * struct user_type - a type of a parent
 * @link: in its list
 * @parent: whose it is
 * @kobj: its name is the one in sysfs: that of the parent's driver, and that of @group
 * @group: the driver's attributes
 */
struct user_type {
	struct list_head link;
	struct user_parent *parent;
	struct kobject kobj;
	const struct attribute_group *group;
};

/**
 * struct user_memory - guest memory of a device
 * @lock: guards the rest, and @dying and @busy of each piece
 * @maps: pieces, of struct user_map
 * @pins: of struct user_pin
 * @idle: woken when a copy has ended
 */
struct user_memory {
	struct mutex lock;
	struct list_head maps;
	struct list_head pins;
	wait_queue_head_t idle;
};

/**
 * struct user_migration - what a client of a migrating device has
 * @lock: guards @file
 * @file: of the session, with a reference; NULL: there is none
 */
struct user_migration {
	struct mutex lock;
	struct file *file;
};

/**
 * struct user_device - a mediated device
 * @base: what the driver sees; first
 * @dev: in the driver model
 * @uuid: its name
 * @parent: its parent
 * @type: its type
 * @link: in the parent's list
 * @open: from before the driver's open until after its release
 * @touched: the user has accessed it since the open: it may pin from then on
 * @requests: how often its user was asked to close it
 * @memory: of the guest
 * @migration: the session of a migration
 * @kept_pins: unmaps that the driver did not heed
 * @fault: guest memory is gone
 */
struct user_device {
	struct mdev_device base;
	struct device dev;
	guid_t uuid;
	struct user_parent *parent;
	struct user_type *type;
	struct list_head link;
	bool open;
	bool touched;
	unsigned int requests;
	struct user_memory memory;
	struct user_migration migration;
	unsigned int kept_pins;
	int fault;
};

static inline struct user_device *to_user_device(struct mdev_device *mdev)
{
	return container_of(mdev, struct user_device, base);
}

/* Guards the lists of parents, types and devices, and @open and @dying. */
extern struct mutex user_lock;
extern struct list_head user_parents;

struct mdk_host;
/* The first parent of a model; NULL: there is none. */
struct mdk_host *user_first_host(void);

struct user_type *user_type_find(const char *name);
/* Of a parent; NULL: none. As above, with user_lock held. */
struct user_type *user_type_first(const struct device *dev);

/* An instance of the first type of a parent that no client sees. */
int user_device_create_first(const struct device *parent, const guid_t *uuid,
			     struct user_device **out);

/* What a driver returned, as 0 or an errno. */
static inline int user_errno(int ret)
{
	return ret > 0 || ret < -MAX_ERRNO ? -EINVAL : ret;
}

/* device.c: before each call of its user. -ENODEV: it is not open */
int user_device_touch(struct user_device *dev);

/* migration.c */
void user_migration_init(struct user_device *dev);
/* After what may have ended a session: gives the file back, if its state was left. */
void user_migration_look(struct user_device *dev);
/* After the driver's release. */
void user_migration_drop(struct user_device *dev);

/* memory.c */
/* Words at once: who has the memory may be looking. */
void user_memory_copy(void *to, const void *from, size_t len);
void user_memory_init(struct user_device *dev);
void user_memory_drop(struct user_device *dev);
int user_memory_watch(void);

#endif /* USER_SHELL_H */
