/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file legacy.h
 * @brief For a parent driver written to the text of Linux 4.10, in place of linux/mdev.h.
 *
 * What such a driver calls is here under the names of that time, on the framework of today: pins by
 * arrays of page frame numbers, unmaps by vfio_register_notifier(), capabilities by id, and
 * VFIO_DEVICE_GET_REGION_INFO answered in its ioctl, also on kernels where that call never arrives
 * (contract.md sections 2, 5 and 7). The driver depends on mdk_legacy.ko.
 *
 * It does not cover the rest of the kernel: where an interface that has nothing to do with mediated
 * devices has changed since 4.10 the driver must be changed too. The one exception is
 * eventfd_signal(), which every driver with interrupts calls.
 *
 * What differs from 4.10 is listed in docs/contract.md. New drivers use mdk/mdk.h, or mdev.h.
 */
#ifndef MDEV_SDK_LEGACY_H
#define MDEV_SDK_LEGACY_H

#include <linux/eventfd.h>
/* Before our uuid_le, since it defines the one of kernels that have it. */
#include <linux/mod_devicetable.h>
#include <linux/notifier.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>
#include <linux/vfio.h>

#include <mdev_sdk/mdev.h>

/** The type of a UUID then. Some kernels still have one of that name, others a different one. */
#define uuid_le guid_t

/** What vfio_register_notifier() listens to. */
enum vfio_notify_type {
	VFIO_IOMMU_NOTIFY = 0, /**< guest memory */
	VFIO_GROUP_NOTIFY = 1, /**< the virtual machine; not served, see vfio_register_notifier() */
};

/** Of VFIO_IOMMU_NOTIFY: user space unmaps; data is a struct vfio_iommu_type1_dma_unmap. */
#define VFIO_IOMMU_NOTIFY_DMA_UNMAP BIT(0)
/** Of VFIO_GROUP_NOTIFY. */
#define VFIO_GROUP_NOTIFY_SET_KVM BIT(0)

/** @cond */
int __must_check mdk_legacy_register_device(struct device *dev, const struct mdev_parent_ops *ops,
					    const struct mdk_mdev_registration *reg);
void mdk_legacy_unregister_device(struct device *dev);
int mdk_legacy_pin_pages(struct device *dev, unsigned long *user_pfn, int npage, int prot,
			 unsigned long *phys_pfn);
int mdk_legacy_unpin_pages(struct device *dev, unsigned long *user_pfn, int npage);
int mdk_legacy_register_notifier(struct device *dev, enum vfio_notify_type type,
				 unsigned long *events, struct notifier_block *nb);
int mdk_legacy_unregister_notifier(struct device *dev, enum vfio_notify_type type,
				   struct notifier_block *nb);
int mdk_legacy_add_capability(struct vfio_info_cap *caps, int cap_type_id, void *cap_type);
int mdk_legacy_eventfd_signal(struct eventfd_ctx *ctx, int n);
void *mdk_legacy_window(const void __user *at, unsigned long size);

static inline unsigned long __must_check mdk_legacy_copy_from_user(void *to,
								   const void __user *from,
								   unsigned long size)
{
	void *window = mdk_legacy_window(from, size);

	if (likely(!window))
		/* mdev-sdk: allow mdev-copyret: as the call it stands for */
		return copy_from_user(to, from, size);
	memcpy(to, window, size);
	return 0;
}

static inline unsigned long __must_check mdk_legacy_copy_to_user(void __user *to, const void *from,
								 unsigned long size)
{
	void *window = mdk_legacy_window(to, size);

	if (likely(!window))
		/* mdev-sdk: allow mdev-copyret: as the call it stands for */
		return copy_to_user(to, from, size);
	memcpy(window, from, size);
	return 0;
}
/** @endcond */

/** The name of struct mdev_parent_ops before it was renamed, within 4.10. */
#define parent_ops mdev_parent_ops

#undef mdev_register_device
/**
 * mdev_register_device() - make @dev a parent of mediated devices
 * @dev: the parent
 * @ops: as of 4.10: up to and with mmap
 *
 * Context, Return: as of mdev.h.
 */
#define mdev_register_device(dev, ops)                                                             \
	mdk_legacy_register_device(dev, ops,                                                       \
				   &(const struct mdk_mdev_registration){                          \
					   .size = sizeof(struct mdev_parent_ops),                 \
					   .abi = MDEV_SDK_ABI,                                    \
					   .owner = THIS_MODULE,                                   \
				   })

#undef mdev_unregister_device
/** The reverse; as of mdev.h. */
#define mdev_unregister_device(dev) mdk_legacy_unregister_device(dev)

#undef mdev_uuid
/** By value, as in 4.10. */
#define mdev_uuid(mdev) (*mdk_mdev_uuid(mdev))

/**
 * vfio_pin_pages() - pin guest pages, which need not lie side by side
 * @dev: mdev_dev() of an open device with a notifier
 * @user_pfn: guest page frame numbers
 * @npage: how many, 1 to VFIO_PIN_PAGES_MAX_ENTRIES
 * @prot: IOMMU_READ and/or IOMMU_WRITE
 * @phys_pfn: where the host's page frame numbers go
 *
 * All or nothing. Context: as mdev_pin_pages(). Return: @npage, or the errors of mdev_pin_pages();
 * @phys_pfn is then zeroed as far as it had been filled.
 */
#define vfio_pin_pages(dev, user_pfn, npage, prot, phys_pfn)                                       \
	mdk_legacy_pin_pages(dev, user_pfn, npage, prot, phys_pfn)

/**
 * vfio_unpin_pages() - release pages, each of them pinned before
 * @dev: as for vfio_pin_pages()
 * @user_pfn: guest page frame numbers
 * @npage: how many
 *
 * Context: may sleep; allowed in the notifier. Return: how many of them were pinned; -EINVAL if
 * none was. Pages that went with their mapping are not pinned any more.
 */
#define vfio_unpin_pages(dev, user_pfn, npage) mdk_legacy_unpin_pages(dev, user_pfn, npage)

/**
 * vfio_register_notifier() - be told when user space unmaps guest memory
 * @dev: mdev_dev() of the device
 * @type: VFIO_IOMMU_NOTIFY
 * @events: VFIO_IOMMU_NOTIFY_DMA_UNMAP
 * @nb: called under VFIO's lock: see the notifier op in mdev.h for what it must not wait for
 *
 * From open to release; before and after it is refused. What is still registered when the device
 * closes is dropped, with a line in the log. Context: may sleep. Return: 0; -EINVAL for anything
 * else, VFIO_GROUP_NOTIFY included, and while the device is not open; -ENODEV if @dev is no
 * mediated device of a driver of this header; -EEXIST; -ENOMEM.
 */
#define vfio_register_notifier(dev, type, events, nb)                                              \
	mdk_legacy_register_notifier(dev, type, events, nb)

/** The reverse: @nb does not run afterwards. Return: 0, or -EINVAL if it was not registered. */
#define vfio_unregister_notifier(dev, type, nb) mdk_legacy_unregister_notifier(dev, type, nb)

/**
 * vfio_info_add_capability() - append a capability by its id
 * @caps: the chain
 * @cap_type_id: VFIO_REGION_INFO_CAP_SPARSE_MMAP or VFIO_REGION_INFO_CAP_TYPE
 * @cap_type: the uapi struct of that id, without its header; NULL is fine and adds nothing
 *
 * Context: may sleep. Return: 0; -EINVAL for another id; -ENOMEM.
 */
#define vfio_info_add_capability(caps, cap_type_id, cap_type)                                      \
	mdk_legacy_add_capability(caps, cap_type_id, cap_type)

/** With the count of 4.10, which all callers set to 1. Context: any but NMI. */
#define eventfd_signal(ctx, n) mdk_legacy_eventfd_signal(ctx, n)

/*
 * The driver's ioctl answers VFIO_DEVICE_GET_REGION_INFO in kernel memory, on every kernel, so that
 * no other thread of the user can change the answer before it is checked.
 */
/** @cond */
#undef copy_from_user
#undef copy_to_user
#define copy_from_user(to, from, n) mdk_legacy_copy_from_user(to, from, n)
#define copy_to_user(to, from, n) mdk_legacy_copy_to_user(to, from, n)
/** @endcond */

#endif /* MDEV_SDK_LEGACY_H */
