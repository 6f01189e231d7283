// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creation and removal of mediated devices.
 *
 * A device is seen (uevents) only when it is complete, and is removed by exactly one thread: the
 * one that moved it from LIVE to DYING. Its UUID is free again when that thread returns.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "mdev_private.h"

static DEFINE_MUTEX(mdk_mdev_devices_lock);
static LIST_HEAD(mdk_mdev_devices);

/* Releases of this module's kobjects that have not run yet; module exit waits for zero. */
atomic_t mdk_mdev_releases_due = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(mdk_mdev_releases_done);

static void mdk_mdev_free(struct rcu_head *rcu)
{
	struct mdk_mdev *mdev = container_of(rcu, struct mdk_mdev, rcu);

	mdk_mdev_parent_put(mdev->parent);
	kfree(mdev);
	atomic_dec(&mdk_mdev_releases_due);
	wake_up(&mdk_mdev_releases_done);
}

/* By call_rcu() only so that module exit can wait for the end of the last release. */
static void mdk_mdev_last_put(struct kref *refs)
{
	call_rcu(&container_of(refs, struct mdk_mdev, refs)->rcu, mdk_mdev_free);
}

void mdk_mdev_put(struct mdk_mdev *mdev)
{
	kref_put(&mdev->refs, mdk_mdev_last_put);
}

/* May run long after removal, so it touches nothing of the vendor's. */
static void mdk_mdev_release(struct device *dev)
{
	mdk_mdev_put(dev_to_mdk_mdev(dev));
}

void mdk_releases_wait(void)
{
	while (atomic_read(&mdk_mdev_releases_due))
		wait_event_timeout(mdk_mdev_releases_done,
				   !atomic_read(&mdk_mdev_releases_due), HZ / 10);
	rcu_barrier();
}
EXPORT_SYMBOL_GPL(mdk_releases_wait);

/* For an administrator who wrote to `create`: which step of it did not work. */
void mdk_mdev_create_failed(struct mdk_mdev_parent *parent, const guid_t *uuid, const char *what,
			    int ret)
{
	dev_info(parent->dev, "create %pUl: %s failed (errno %d); nothing was created [K36]\n", uuid,
		 what, -ret);
}

static struct mdk_mdev *mdk_mdev_uuid_owner(const guid_t *uuid)
{
	struct mdk_mdev *mdev;

	list_for_each_entry(mdev, &mdk_mdev_devices, in_core)
		if (guid_equal(&mdev->uuid, uuid))
			return mdev;
	return NULL;
}

static int mdk_mdev_publish(struct mdk_mdev *mdev)
{
	struct mdk_mdev *owner;
	int ret = 0;

	mutex_lock(&mdk_mdev_devices_lock);
	owner = mdk_mdev_uuid_owner(&mdev->uuid);
	if (owner) {
		dev_info(mdev->parent->dev, "create %pUl: the UUID is in use on this host, by a device of %s; take another, as uuidgen prints it [K31]\n",
			 &mdev->uuid, dev_name(owner->parent->dev));
		ret = -EEXIST;
	} else {
		list_add_tail(&mdev->in_core, &mdk_mdev_devices);
	}
	mutex_unlock(&mdk_mdev_devices_lock);
	return ret;
}

/* Takes a reference to it and one to its device, which exists as long as the UUID is taken. */
struct mdk_mdev *mdk_mdev_get_by_uuid(const guid_t *uuid)
{
	struct mdk_mdev *mdev;

	mutex_lock(&mdk_mdev_devices_lock);
	mdev = mdk_mdev_uuid_owner(uuid);
	if (mdev) {
		kref_get(&mdev->refs);
		get_device(mdev->dev);
	}
	mutex_unlock(&mdk_mdev_devices_lock);
	return mdev;
}

static void mdk_mdev_unpublish(struct mdk_mdev *mdev)
{
	mutex_lock(&mdk_mdev_devices_lock);
	list_del(&mdev->in_core);
	mutex_unlock(&mdk_mdev_devices_lock);
}

struct mdk_mdev *mdk_mdev_alloc(struct mdk_mdev_type *type, const guid_t *uuid)
{
	struct mdk_mdev_parent *parent = type->parent;
	struct mdk_mdev *mdev = kzalloc(sizeof(*mdev), GFP_KERNEL);

	if (!mdev) {
		mdk_mdev_create_failed(parent, uuid, "getting memory", -ENOMEM);
		return NULL;
	}
	spin_lock_init(&mdev->lock);
	INIT_LIST_HEAD(&mdev->in_parent);
	mdev->parent = mdk_mdev_parent_get(parent);
	mdev->type = type;
	kobject_get(type->kobj);
	mdev->ops = &parent->ops;
	guid_copy(&mdev->uuid, uuid);
	kref_init(&mdev->refs);
	atomic_inc(&mdk_mdev_releases_due);
	return mdev;
}

/* The device, where the bus is ours. There is no uevent before mdk_mdev_announce(). */
static void mdk_mdev_own_device(struct mdk_mdev *mdev)
{
	device_initialize(&mdev->own);
	kref_get(&mdev->refs);
	mdev->dev = &mdev->own;
	mdev->own.platform_data = mdev;
	mdev->own.parent = mdev->parent->dev;
	mdev->own.bus = &mdk_mdev_bus;
	mdev->own.release = mdk_mdev_release;
	dev_set_uevent_suppress(&mdev->own, true);
}

/**
 * mdk_mdev_errno() - 0 or an errno, whatever a vendor's op returned
 * @mdev: the device
 * @op: for the message
 * @ret: what it returned
 *
 * Callers would take a positive value for a file or for a number of bytes. Context: any.
 * Return: @ret, or -EINVAL if that is neither.
 */
int mdk_mdev_errno(struct mdk_mdev *mdev, const char *op, int ret)
{
	if (ret <= 0 && ret >= -MAX_ERRNO)
		return ret;
	dev_err_ratelimited(mdk_mdev_parent_dev(&mdev->base), "%s of %pUl returned %d, which is no errno: taken for -EINVAL; return 0 or a negative errno [K35]\n",
			    op, &mdev->uuid, ret);
	return -EINVAL;
}
EXPORT_SYMBOL_GPL(mdk_mdev_errno);

static int mdk_mdev_vendor_create(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdev->parent;
	int ret;

	mutex_lock(&parent->vendor_lock);
	ret = parent->ops.create(mdev->type->kobj, &mdev->base);
	mutex_unlock(&parent->vendor_lock);
	ret = mdk_mdev_errno(mdev, "create", ret);
	if (ret)
		dev_info(parent->dev, "create %pUl: the driver refused (errno %d); its own lines before say why, if it gave any [K34]\n",
			 &mdev->uuid, -ret);
	return ret;
}

int mdk_mdev_vendor_remove(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdev->parent;
	int ret;

	mutex_lock(&parent->vendor_lock);
	ret = parent->ops.remove(&mdev->base);
	mutex_unlock(&parent->vendor_lock);
	return ret;
}

void mdk_mdev_set_live(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdev->parent;

	spin_lock(&parent->children_lock);
	list_add_tail(&mdev->in_parent, &parent->children);
	spin_unlock(&parent->children_lock);

	spin_lock(&mdev->lock);
	mdev->state = MDK_MDEV_LIVE;
	spin_unlock(&mdev->lock);
}

/* The uevents are sent only now, when everything that user space may look at exists. */
static void mdk_mdev_announce(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdev->parent;

	dev_set_uevent_suppress(mdev->dev, false);
	kobject_uevent(&mdev->dev->kobj, KOBJ_ADD);
	kobject_uevent(&mdev->dev->kobj, KOBJ_BIND);
	/* From here on it may be removed and freed; the parent stays, for a create is under way. */
	WRITE_ONCE(mdev->announced, true);
	wake_up_all(&parent->changed);
}

static int mdk_mdev_add(struct mdk_mdev *mdev)
{
	int ret;

	ret = device_add(mdev->dev);
	if (ret) {
		mdk_mdev_create_failed(mdev->parent, &mdev->uuid, "adding the device", ret);
		return ret;
	}
	ret = mdk_mdev_bus_attach(mdev, mdk_mdev_own_attach);
	if (ret)
		goto err_del;
	ret = mdk_mdev_sysfs_add(mdev);
	if (ret) {
		mdk_mdev_create_failed(mdev->parent, &mdev->uuid, "adding its files", ret);
		goto err_del;
	}
	mdk_mdev_set_live(mdev);
	mdk_mdev_announce(mdev);
	return 0;

err_del:
	device_del(mdev->dev);
	mdk_mdev_bus_detached(mdev);
	return ret;
}

/*
 * Takes the UUID, calls ops->create, and then @add, which makes the device visible. After an error
 * all of that is undone.
 */
int mdk_mdev_make(struct mdk_mdev *mdev, int (*add)(struct mdk_mdev *mdev))
{
	int ret = mdk_mdev_publish(mdev);

	if (ret)
		return ret;
	ret = mdk_mdev_vendor_create(mdev);
	if (ret)
		goto err_unpublish;
	ret = add(mdev);
	if (ret)
		goto err_remove;
	return 0;

err_remove:
	mdk_mdev_vendor_remove(mdev);
err_unpublish:
	mdk_mdev_unpublish(mdev);
	return ret;
}

/**
 * mdk_mdev_build() - a new device on our own bus
 * @type: of the new device
 * @uuid: its name
 *
 * Context: the parent stays, which mdk_create_store() sees to. Return: 0 or create's errno.
 */
int mdk_mdev_build(struct mdk_mdev_type *type, const guid_t *uuid)
{
	struct mdk_mdev *mdev = mdk_mdev_alloc(type, uuid);
	int ret;

	if (!mdev)
		return -ENOMEM;
	mdk_mdev_own_device(mdev);
	ret = dev_set_name(mdev->dev, "%pUl", uuid);
	if (ret)
		mdk_mdev_create_failed(type->parent, uuid, "naming the device", ret);
	else
		ret = mdk_mdev_make(mdev, mdk_mdev_add);
	if (!ret)
		return 0;
	kobject_put(type->kobj);
	put_device(mdev->dev);
	mdk_mdev_put(mdev);
	return ret;
}

/**
 * mdk_mdev_claim() - become the thread that removes @mdev
 * @mdev: the device
 *
 * Context: may sleep until the create of @mdev is over.
 * Return: 0; -EBUSY if it is open; -EAGAIN if another thread removes it.
 */
int mdk_mdev_claim(struct mdk_mdev *mdev)
{
	int ret = -EAGAIN;

	/* A removal before that could free the device while its uevents are still being sent. */
	wait_event(mdev->parent->changed, READ_ONCE(mdev->announced));

	spin_lock(&mdev->lock);
	if (mdev->state == MDK_MDEV_LIVE && mdev->opens)
		ret = -EBUSY;
	else if (mdev->state == MDK_MDEV_LIVE && !mdev->evicted)
		ret = 0;
	if (!ret)
		mdev->state = MDK_MDEV_DYING;
	spin_unlock(&mdev->lock);
	return ret;
}

/* ops->remove has refused: the device is as before, but for files that cannot be made again. */
static void mdk_mdev_revive(struct mdk_mdev *mdev)
{
	int files, remove;

	files = mdk_mdev_vendor_files_add(mdev);
	remove = mdk_mdev_remove_file_add(mdev);
	if (files)
		dev_warn(mdev->dev, "its driver's files did not come back after a refused removal (errno %d): create the device again to have them [K174]\n",
			 -files);
	if (remove)
		dev_warn(mdev->dev, "the file remove did not come back after a refused removal (errno %d): unload the driver to be rid of the device [K44]\n",
			 -remove);
	spin_lock(&mdev->lock);
	mdev->state = MDK_MDEV_LIVE;
	spin_unlock(&mdev->lock);
	wake_up_all(&mdev->parent->changed);
}

/* Takes a device that nobody can find or open any more off the core's lists; frees its UUID. */
void mdk_mdev_forget(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdk_mdev_parent_get(mdev->parent);

	mdk_mdev_unpublish(mdev);

	spin_lock(&mdev->lock);
	mdev->state = MDK_MDEV_GONE;
	spin_unlock(&mdev->lock);
	spin_lock(&parent->children_lock);
	list_del_init(&mdev->in_parent);
	spin_unlock(&parent->children_lock);

	kobject_put(mdev->type->kobj);
	mdk_mdev_put(mdev);
	/* The last touch of the parent's wait queue: unregister may return right after it. */
	wake_up_all(&parent->changed);
	mdk_mdev_parent_put(parent);
}

static void mdk_mdev_teardown(struct mdk_mdev *mdev)
{
	struct device *dev = mdev->dev;

	mdk_mdev_sysfs_remove(mdev);
	device_del(dev);
	mdk_mdev_bus_detached(mdev);
	mdk_mdev_forget(mdev);
	put_device(dev);
}

/**
 * mdk_mdev_remove_claimed() - second half of a removal
 * @mdev: claimed by the caller, not open; gone on success
 *
 * Return: 0, or -EBUSY if the vendor refused and the parent is not going.
 */
int mdk_mdev_remove_claimed(struct mdk_mdev *mdev)
{
	int ret;

	mdk_mdev_vendor_files_remove(mdev);
	ret = mdk_mdev_vendor_remove(mdev);
	if (ret && !mdk_mdev_read(mdev, evicted)) {
		dev_info(mdev->dev, "remove: the vendor driver refused (errno %d); the device stays, ask again when its driver is done with it [K43]\n",
			 -ret);
		mdk_mdev_revive(mdev);
		return -EBUSY;
	}
	mdk_mdev_teardown(mdev);
	return 0;
}

/* Asks the user to close the device, which is bound. */
void mdk_mdev_request(struct mdk_mdev *mdev)
{
	unsigned int count;

	spin_lock(&mdev->lock);
	count = mdev->requests++;
	spin_unlock(&mdev->lock);
	mdev->drv->request(mdev, count);
}

int mdk_mdev_enter_open(struct mdk_mdev *mdev)
{
	int ret = -ENODEV;

	spin_lock(&mdev->lock);
	if (mdev->state == MDK_MDEV_LIVE && !mdev->evicted && try_module_get(mdev->ops->owner)) {
		mdev->opens++;
		ret = 0;
	}
	spin_unlock(&mdev->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_enter_open);

void mdk_mdev_leave_open(struct mdk_mdev *mdev)
{
	struct mdk_mdev_parent *parent = mdk_mdev_parent_get(mdev->parent);
	struct module *owner = mdev->ops->owner;

	spin_lock(&mdev->lock);
	mdev->opens--;
	spin_unlock(&mdev->lock);
	wake_up_all(&parent->changed);
	mdk_mdev_parent_put(parent);
	module_put(owner);
}
EXPORT_SYMBOL_GPL(mdk_mdev_leave_open);
