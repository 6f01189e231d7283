/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the mdev core and its bus driver, the VFIO bridge. Not for vendors' drivers. */
#ifndef MDK_MDEV_DRIVER_H
#define MDK_MDEV_DRIVER_H

#include <linux/device.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <mdev_sdk/mdev.h>

struct mdk_mdev_driver;
struct mdk_mdev_parent;
struct mdk_mdev_type;

/** Where in its life a device is. */
enum mdk_mdev_state {
	MDK_MDEV_NEW,   /**< being created */
	MDK_MDEV_LIVE,  /**< may be opened */
	MDK_MDEV_DYING, /**< one thread is removing it */
	MDK_MDEV_GONE,  /**< removed */
};

/**
 * struct mdk_mdev - a mediated device
 * @base: what the vendor sees; first, so that the two pointers are one
 * @refs: of this memory: one from creation to removal, one of @own, and those of its users
 * @dev: in the driver model, child of the parent; alive from creation to removal
 * @own: @dev, where the bus is ours
 * @ops: the framework's copy of the vendor's ops, alive as long as @parent
 * @parent: holds a reference
 * @type: holds a reference
 * @drv: the bus driver, bound and its module pinned
 * @uuid: its name
 * @lock: guards @state, @opens, @evicted, @requests, @requesting
 * @state: see enum mdk_mdev_state
 * @opens: 1 from before ops->open until after ops->release
 * @evicted: the parent goes: no new open, only the evicting thread may start a removal, and
 *	ops->remove can no longer refuse
 * @announced: the uevents of its creation are out; before, no removal starts
 * @requests: requests to leave so far
 * @requesting: one is under way, in the evicting thread
 * @files: the vendor's files exist; only used by the thread that creates or removes the device
 * @evict_work: its removal when the parent goes
 * @in_parent: parent->children, under parent->children_lock
 * @in_core: list of all devices, by which a UUID is unique on the host
 * @rcu: frees it after its release, so that module exit can wait for the release's end
 */
struct mdk_mdev {
	struct mdev_device base;
	struct kref refs;
	struct device *dev;
	struct device own;
	const struct mdev_parent_ops *ops;
	struct mdk_mdev_parent *parent;
	struct mdk_mdev_type *type;
	struct mdk_mdev_driver *drv;
	guid_t uuid;

	spinlock_t lock;
	enum mdk_mdev_state state;
	unsigned int opens;
	bool evicted;
	bool announced;
	unsigned int requests;
	bool requesting;
	bool files;

	struct work_struct evict_work;
	struct list_head in_parent;
	struct list_head in_core;
	struct rcu_head rcu;
};

/**
 * mdk_mdev_of() - the core's struct of the one that a vendor sees
 * @mdev: the device
 *
 * Context: any. Return: the same device.
 */
static inline struct mdk_mdev *mdk_mdev_of(struct mdev_device *mdev)
{
	return container_of(mdev, struct mdk_mdev, base);
}

/**
 * dev_to_mdk_mdev() - the core's struct of a device in the driver model
 * @dev: one of ours, on whichever bus
 *
 * Context: any. Return: the same device.
 */
static inline struct mdk_mdev *dev_to_mdk_mdev(struct device *dev)
{
	return dev_get_platdata(dev);
}

/**
 * mdk_mdev_read() - a member of a device, under its lock
 * @mdev: the device
 * @member: guarded by @mdev->lock
 *
 * Context: any in which that spinlock may be taken. Return: its value.
 */
#define mdk_mdev_read(mdev, member)                                                                \
	({                                                                                         \
		struct mdk_mdev *__mdev = (mdev);                                                  \
		typeof(__mdev->member) __value;                                                    \
												   \
		spin_lock(&__mdev->lock);                                                          \
		__value = __mdev->member;                                                          \
		spin_unlock(&__mdev->lock);                                                        \
		__value;                                                                           \
	})

/**
 * struct mdk_mdev_driver - the one bus driver that serves all mediated devices
 * @driver: name and owner set by the caller; registered where the bus is ours
 * @probe: attach to a new device; runs after ops->create, before anyone sees the device
 * @remove: detach; no file descriptor is open
 * @request: somebody waits for the device: ask its user to leave
 */
struct mdk_mdev_driver {
	struct device_driver driver;
	int (*probe)(struct mdk_mdev *mdev);
	void (*remove)(struct mdk_mdev *mdev);
	void (*request)(struct mdk_mdev *mdev, unsigned int count);
};

/**
 * mdk_mdev_is_open() - is a device open?
 * @mdev: as the vendor sees it
 *
 * Context: as mdk_mdev_read(). Return: true from before ops->open until after ops->release.
 */
static inline bool mdk_mdev_is_open(struct mdev_device *mdev)
{
	return mdk_mdev_read(mdk_mdev_of(mdev), opens);
}

/**
 * mdk_mdev_register_driver() - serve all devices of the bus
 * @drv: the driver; lives until mdk_mdev_unregister_driver()
 *
 * Context: may sleep. Return: 0 or the driver core's error.
 */
int mdk_mdev_register_driver(struct mdk_mdev_driver *drv);

/**
 * mdk_mdev_unregister_driver() - serve no device any more
 * @drv: as registered
 *
 * Context: may sleep.
 */
void mdk_mdev_unregister_driver(struct mdk_mdev_driver *drv);

/**
 * mdk_mdev_enter_open() - before ops->open
 * @mdev: the device
 *
 * While entered the ops' module cannot be unloaded and removal answers -EBUSY.
 * Context: may sleep. Return: 0, or -ENODEV once removal has begun.
 */
int mdk_mdev_enter_open(struct mdk_mdev *mdev);

/**
 * mdk_mdev_leave_open() - after ops->release
 * @mdev: the device
 *
 * Context: may sleep.
 */
void mdk_mdev_leave_open(struct mdk_mdev *mdev);

/**
 * mdk_mdev_errno() - what an op of the vendor returned, as 0 or an errno
 * @mdev: the device
 * @op: name of the op, for the message
 * @ret: what it returned
 *
 * Context: any. Return: @ret; -EINVAL, with a message, if it is neither.
 */
int mdk_mdev_errno(struct mdk_mdev *mdev, const char *op, int ret);

#endif /* MDK_MDEV_DRIVER_H */
