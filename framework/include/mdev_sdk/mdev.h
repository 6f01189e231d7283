/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file mdev.h
 * @brief Layer 1: the v11 mediated-device contract for parent (vendor) drivers.
 *
 * The names are those of the series "Add Mediated device support" v11, the symbols behind them are
 * unique to mdev-sdk so that they never clash with the kernel's own mdev core (docs/contract.md).
 * A driver that uses these calls depends on mdk_mdev.ko; one that pins also on mdk_vfio_mdev.ko.
 */
#ifndef MDEV_SDK_MDEV_H
#define MDEV_SDK_MDEV_H

#include <linux/device.h>
#include <linux/module.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/uuid.h>

struct file;
struct mm_struct;
struct page;
struct vfio_info_cap;
struct vfio_region_info;
struct vm_area_struct;

/** Version of the binary interface between framework and drivers; grows with every addition. */
#define MDEV_SDK_ABI 2

/** Pages that one mdev_pin_pages() call may ask for (contract.md section 5). */
#define MDEV_PIN_PAGES_MAX (PAGE_SIZE / sizeof(unsigned long))

/**
 * struct mdev_device - one mediated device, as a vendor driver sees it
 * @driver_data: the vendor's pointer, see mdev_set_drvdata()
 *
 * Allocated by the core only; what follows in memory is private to the framework.
 */
struct mdev_device {
	void *driver_data;
};

/**
 * struct mdev_migration_ops - live migration of the devices of a parent
 * @flags: VFIO_MIGRATION_STOP_COPY, with VFIO_MIGRATION_P2P and VFIO_MIGRATION_PRE_COPY if the
 *	device has those states. The bridge offers user space what the kernel knows of it
 * @set_state: bring the device to @state, one of enum vfio_device_mig_state (linux/vfio.h), by all
 *	the arcs that lead there. Return: the file that the last of them has opened, whose
 *	reference is the caller's; NULL: it has opened none; ERR_PTR(): the device is in the state
 *	that @get_state says then. Files end by themselves when the state is left, and at a reset
 *	or the last close: reading or writing them fails from then on, as with -ENODEV
 * @get_state: the state, into *@state. Return: 0
 * @get_data_size: bytes that a stream has at most, into *@size. Return: 0
 *
 * Context: process, may sleep; between open and release of the device, concurrently with each
 * other, with accesses and with a reset by @ioctl. A reset brings the device back to RUNNING.
 */
struct mdev_migration_ops {
	u64 flags;
	struct file *(*set_state)(struct mdev_device *mdev, u32 state);
	int (*get_state)(struct mdev_device *mdev, u32 *state);
	int (*get_data_size)(struct mdev_device *mdev, unsigned long *size);
};

/**
 * struct mdev_parent_ops - what a vendor driver gives the core for one parent device
 * @owner: module of the callbacks; NULL means the module that registers. It is pinned while a
 *	device of the parent is open.
 * @dev_attr_groups: optional sysfs groups of the parent device
 * @mdev_attr_groups: optional sysfs groups of each mediated device; there before its KOBJ_ADD,
 *	gone before @remove is called
 * @supported_type_groups: NULL-terminated, one group a type, each with a name. The attributes are
 *	struct mdev_type_attribute; available_instances and device_api are mandatory.
 * @create: makes the vendor's half of a device; its error is the error of the write to `create`.
 *	@kobj is the type's directory. Nobody has seen the device before it returns 0.
 * @remove: frees the vendor's half. An error refuses the removal (-EBUSY to the writer of
 *	`remove`; on the kernel's bus it is called again every second) and must leave everything
 *	as it was; it is ignored when the parent is unregistered.
 *	Never called while the device is open.
 * @open: first file descriptor of the device opened
 * @release: last one closed: end what runs for this user, workers and interrupts among it, and stop
 *	the DMA; all pins are released after it
 * @read: read(2) on the device. @buf is a user pointer, *@ppos and @count are the user's.
 * @write: write(2) on the device, likewise
 * @ioctl: every VFIO_DEVICE_* ioctl the bridge does not answer itself
 * @mmap: mmap(2) on the device
 * @notifier: v11: user space unmaps guest memory [@iova, @iova + @size) bytes. Stop touching
 *	it. Pins of the range are released after the callback returns, whether or not it unpinned
 *	them itself. @size may be ~0. A driver with neither @notifier nor @quiesce cannot pin.
 * @get_region_info: native form of VFIO_DEVICE_GET_REGION_INFO: fill flags, size and offset of
 *	the zeroed @info for @info->index, or return -EINVAL. Capabilities go to @caps
 *	(vfio_info_add_capability()); the bridge does the argsz protocol and frees them.
 *	Kernels that answer this ioctl in the VFIO core (6.19 and later) accept a parent that has
 *	@ioctl only together with this op.
 * @request: a removal waits for the device: ask its user to close it.
 *	@count is the number of earlier requests.
 * @quiesce: as @notifier, but may fail: the device's DMA to the range could not be stopped. Then
 *	@reset is called. -EAGAIN: not yet; the pages stay, and it is called again, a few times,
 *	after VFIO has released its locks. Preferred to @notifier; a driver has one of them.
 * @reset: bring the device to its power-on state, DMA stopped. Needed by @quiesce.
 * @migration: optional; all members of it are needed then. It must live until unregistration
 *
 * Context: all callbacks run in process context and may sleep. create and remove of all devices
 * of one parent are serialised by the core; open, release and remove of one device are too.
 * @notifier, @quiesce and @reset run under VFIO's list lock: they must not wait for anything that
 * pins or unpins, and a mutex they take must not be held over mdev_pin_pages(). They must not sleep
 * where a signal wakes them (wait_event_interruptible() and the like): their thread is in an unmap,
 * and the bridge takes a sleep of that kind for a sign that the thread has left VFIO.
 */
struct mdev_parent_ops {
	struct module *owner;
	const struct attribute_group **dev_attr_groups;
	const struct attribute_group **mdev_attr_groups;
	struct attribute_group **supported_type_groups;

	int (*create)(struct kobject *kobj, struct mdev_device *mdev);
	int (*remove)(struct mdev_device *mdev);
	int (*open)(struct mdev_device *mdev);
	void (*release)(struct mdev_device *mdev);
	ssize_t (*read)(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos);
	ssize_t (*write)(struct mdev_device *mdev, const char __user *buf, size_t count,
			 loff_t *ppos);
	long (*ioctl)(struct mdev_device *mdev, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct mdev_device *mdev, struct vm_area_struct *vma);
	void (*notifier)(struct mdev_device *mdev, u64 iova, u64 size);

	int (*get_region_info)(struct mdev_device *mdev, struct vfio_region_info *info,
			       struct vfio_info_cap *caps);
	void (*request)(struct mdev_device *mdev, unsigned int count);
	int (*quiesce)(struct mdev_device *mdev, u64 iova, u64 size);
	void (*reset)(struct mdev_device *mdev);
	const struct mdev_migration_ops *migration;
};

/**
 * struct mdev_type_attribute - an attribute of a type directory
 * @attr: name and mode
 * @show: as device_attribute's, with the type's kobject
 * @store: likewise
 */
struct mdev_type_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct device *dev, char *buf);
	ssize_t (*store)(struct kobject *kobj, struct device *dev, const char *buf, size_t count);
};

/** An attribute of a type: `mdev_type_attr_NAME`. */
#define MDEV_TYPE_ATTR(_name, _mode, _show, _store)                                                \
	struct mdev_type_attribute mdev_type_attr_##_name =                                        \
		__ATTR(_name, _mode, _show, _store)
/** Likewise, with NAME_show() and NAME_store(). */
#define MDEV_TYPE_ATTR_RW(_name) struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RW(_name)
/** Likewise, with NAME_show(). */
#define MDEV_TYPE_ATTR_RO(_name) struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RO(_name)
/** Likewise, with NAME_store(). */
#define MDEV_TYPE_ATTR_WO(_name) struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_WO(_name)

/**
 * struct mdk_mdev_registration - what the registering module was compiled against
 * @size: bytes of struct mdev_parent_ops there
 * @abi: MDEV_SDK_ABI there
 * @owner: the registering module
 *
 * Where MODVERSIONS is off nothing else tells an old driver from a new one.
 */
struct mdk_mdev_registration {
	size_t size;
	unsigned int abi;
	struct module *owner;
};

/** @cond */
int __must_check mdk_mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops,
					  const struct mdk_mdev_registration *reg);
void mdk_mdev_unregister_device(struct device *dev);
/** @endcond */

/**
 * mdev_register_device() - make @dev a parent of mediated devices
 * @dev: the parent; a reference is held until its last mediated device is gone
 * @ops: the vendor's callbacks; copied, but what it points to must live until unregistration
 *
 * Context: may sleep. Return: 0; -EINVAL for incomplete ops, -EEXIST if @dev is registered,
 * -EOPNOTSUPP if the ops cannot work on this kernel or need a newer framework, -ENOMEM, or the
 * error of sysfs. The reason is in the kernel log.
 */
#define mdev_register_device(dev, ops)                                                             \
	mdk_mdev_register_device(dev, ops,                                                         \
				 &(const struct mdk_mdev_registration){                            \
					 .size = sizeof(struct mdev_parent_ops),                   \
					 .abi = MDEV_SDK_ABI,                                      \
					 .owner = THIS_MODULE,                                     \
				 })

/**
 * mdev_unregister_device() - unregister a parent
 * @dev: as registered
 *
 * Removes all its devices. Users of open ones are asked to close them (request) and waited for;
 * idle ones are removed at once. Context: may sleep, for as long as a user keeps a device open.
 * Guarantees: no callback of the ops runs, and none of the vendor's memory is read, afterwards.
 */
#define mdev_unregister_device(dev) mdk_mdev_unregister_device(dev)

/**
 * mdev_get_drvdata() - the pointer of mdev_set_drvdata()
 * @mdev: the device
 *
 * Context: any. Return: it; NULL before.
 */
static inline void *mdev_get_drvdata(const struct mdev_device *mdev)
{
	return mdev->driver_data;
}

/**
 * mdev_set_drvdata() - keep @data with @mdev
 * @mdev: the device
 * @data: the driver's own
 *
 * Context: any; usually in create.
 */
static inline void mdev_set_drvdata(struct mdev_device *mdev, void *data)
{
	mdev->driver_data = data;
}

/** @cond */
struct device *mdk_mdev_dev(struct mdev_device *mdev);
struct device *mdk_mdev_parent_dev(struct mdev_device *mdev);
const guid_t *mdk_mdev_uuid(struct mdev_device *mdev);
struct mdev_device *mdk_mdev_from_dev(struct device *dev);
/** @endcond */

/**
 * mdev_from_dev() - what an attribute of mdev_attr_groups belongs to
 * @dev: as given to show or store
 *
 * Context: any. Return: the mediated device, or NULL if @dev is something else, such as the parent.
 */
#define mdev_from_dev(dev) mdk_mdev_from_dev(dev)

/**
 * mdev_dev() - the device in the driver model, for dev_info() and the like
 * @mdev: the device
 *
 * Context: any. Return: it; no reference is taken.
 */
#define mdev_dev(mdev) mdk_mdev_dev(mdev)

/**
 * mdev_parent_dev() - the device given to mdev_register_device()
 * @mdev: the device
 *
 * Context: any. Return: it; no reference is taken.
 */
#define mdev_parent_dev(mdev) mdk_mdev_parent_dev(mdev)

/**
 * mdev_uuid() - the name that the creator gave
 * @mdev: the device
 *
 * Context: any. Return: a const guid_t *, alive as long as the device.
 */
#define mdev_uuid(mdev) mdk_mdev_uuid(mdev)

/** @cond */
int __must_check mdk_mdev_pin_pages(struct mdev_device *mdev, u64 iova, int npage, int prot,
				    struct page **pages);
int mdk_mdev_unpin_pages(struct mdev_device *mdev, u64 iova, int npage);
int __must_check mdk_mdev_dma_rw(struct mdev_device *mdev, u64 iova, void *data, size_t len,
				 bool write);
/** @endcond */

/**
 * mdev_pin_pages() - pin guest memory for DMA
 * @mdev: an open device whose parent has a notifier or quiesce op
 * @iova: guest address in bytes, page aligned
 * @npage: pages, 1 to MDEV_PIN_PAGES_MAX, contiguous in @iova
 * @prot: IOMMU_READ and/or IOMMU_WRITE
 * @pages: where the @npage page pointers go
 *
 * All or nothing. Pins of a device are released when it closes and when their range is unmapped.
 * Context: may sleep; not from open; not under a lock that notifier or quiesce takes.
 * Return: @npage; -EINVAL for bad arguments, an address outside every mapping or no notifier;
 * -E2BIG for too many pages; -ENODEV if the device is not open; -EAGAIN before the first access
 * after open, and in a range that is being unmapped: from the call of notifier or quiesce until
 * the thread that unmaps it has left VFIO and for at least 5 ms, also where the range is mapped
 * anew by then (a later try succeeds; other addresses are not refused); -EPERM if the mapping does
 * not allow @prot; -ENOMEM over RLIMIT_MEMLOCK.
 */
#define mdev_pin_pages(mdev, iova, npage, prot, pages)                                             \
	mdk_mdev_pin_pages(mdev, iova, npage, prot, pages)

/**
 * mdev_unpin_pages() - release one pin
 * @mdev: the device
 * @iova: as pinned
 * @npage: as pinned; a part of a pin cannot be released
 *
 * The caller has stopped DMA to the pages. Never blocks on VFIO's locks: the release itself is
 * done by a worker. Context: may sleep; allowed in notifier and quiesce.
 * Return: @npage, or -EINVAL if there is no such pin (it may have gone with its mapping).
 */
#define mdev_unpin_pages(mdev, iova, npage) mdk_mdev_unpin_pages(mdev, iova, npage)

/**
 * mdev_dma_rw() - copy between @data and guest memory without pinning
 * @mdev: an open device
 * @iova: guest address in bytes, any alignment
 * @data: kernel memory
 * @len: bytes
 * @write: true to write to the guest
 *
 * Context: may sleep; not from open, notifier or quiesce.
 * Return: 0; -EINVAL for a range that is not mapped or wraps; -EPERM for a write to a read-only
 * mapping; -ENODEV if the device is not open; -EAGAIN before the first access after open.
 */
#define mdev_dma_rw(mdev, iova, data, len, write) mdk_mdev_dma_rw(mdev, iova, data, len, write)

#endif /* MDEV_SDK_MDEV_H */
