/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file virtio.h
 * @brief A virtio device: one that the guests' own systems have drivers for.
 *
 * The driver says what is his device's own: its number, the features, the queues and the fields of
 * its configuration. The SDK does what OASIS virtio 1.2 says of every device on PCI, modern only:
 * identity, capabilities, the structures in BAR 4, negotiation of features, states, notifications,
 * interrupts, resets, and the queues (mdk/vq.h).
 *
 * A model has these lines:
 *
 *     static const struct mdk_virtio dice = { .device = 4, MDK_VIRTIO_QUEUES(dice_queues) };
 *     MDK_VIRTIO_TABLES(dice, 1);
 *     static const struct mdk_model dice_model = {
 *             .name = "dice", MDK_VIRTIO(dice, 4, 0x00ff), ...
 *
 * and its ops.init calls mdk_virtio_create().
 *
 * States: queues run from the moment when the guest has set DRIVER_OK, with features that both
 * have, to a reset: a write of 0 to its status, VFIO_DEVICE_RESET, a Function Level Reset or the
 * last close. A mistake of the guest in a queue sets DEVICE_NEEDS_RESET, with an interrupt, and
 * nothing is served until it has reset the device. While its guest has switched the device off
 * (mdk/pci.h), or its parent is away (mdk/parent.h), nothing is served either; then queues go on.
 *
 * Locks: .accept, .start and .stop run under the instance's lock; they may sleep. .stop may come
 * while the hardware is away: mdk_hw_enter() says so. All of it ends before the actions of the
 * instance that were given before mdk_virtio_create(): what kicks a queue is stopped by ops.fini.
 */
#ifndef MDK_VIRTIO_H
#define MDK_VIRTIO_H

#include <mdk/irq.h>
#include <mdk/model.h>
#include <mdk/types.h>
#include <mdk/vq.h>

/** PCI vendor of virtio devices. */
#define MDK_VIRTIO_VENDOR 0x1af4
/** PCI device of the virtio device @_device, whose number is that of the specification's list. */
#define MDK_VIRTIO_PCI_DEVICE(_device) (0x1040 + (_device))
/** The BAR with all structures. */
#define MDK_VIRTIO_BAR 4
/** Queues that a device may have. */
#define MDK_VIRTIO_QUEUES_MAX 64
/** Bytes of a device's configuration. */
#define MDK_VIRTIO_CONFIG_MAX 256

/** Feature: descriptors may lie in tables of their own. The SDK offers it. */
#define MDK_VIRTIO_F_INDIRECT_DESC BIT_ULL(28)
/** Feature: each side says when it wants to hear of the other. The SDK offers it. */
#define MDK_VIRTIO_F_EVENT_IDX BIT_ULL(29)
/** Feature: its DMA is that of any PCI device, through a guest's IOMMU. The SDK offers it. */
#define MDK_VIRTIO_F_ACCESS_PLATFORM BIT_ULL(33)
/** Feature: not a device of the time before the specification. The SDK offers and demands it. */
#define MDK_VIRTIO_F_VERSION_1 BIT_ULL(32)

/**
 * struct mdk_virtio - what is a device's own
 * @device: its number in the specification's list: 1 for a network card
 * @features: of bits 0 to 23 and from 50 on those that it offers; the others are the SDK's
 * @queues: a row each
 * @nr_queues: entries of @queues
 * @config: where in the driver's state (mdk_state()) the fields of its configuration are, as a
 *	guest reads them; the guest writes none. See MDK_VIRTIO_CONFIG()
 * @config_size: bytes of them; 0: it has none
 * @accept: features that the guest wants, all of them offered, are to be accepted. Return: 0, or an
 *	error if they do not fit together: a stream with them is refused, too. Optional
 * @start: the guest's driver is ready (DRIVER_OK), or was so on the host that it came from; queues
 *	are served from here on. Optional
 * @stop: the guest has reset the device, or something else has; no queue is served from here on.
 *	Not called for a device that was not started. Optional
 */
struct mdk_virtio {
	u16 device;
	u64 features;
	const struct mdk_vq_row *queues;
	u32 nr_queues;
	u32 config;
	u32 config_size;
	int (*accept)(struct mdk_dev *dev, u64 features);
	void (*start)(struct mdk_dev *dev);
	void (*stop)(struct mdk_dev *dev);
};

/** The queues of a device, an array. */
#define MDK_VIRTIO_QUEUES(_queues) .queues = (_queues), .nr_queues = ARRAY_SIZE(_queues)
/** The fields are @_member of the driver's state, a @_struct. */
#define MDK_VIRTIO_CONFIG(_struct, _member)                                                        \
	.config = offsetof(_struct, _member), .config_size = sizeof(((_struct *)0)->_member)

/** @cond */
#define MDK_VIRTIO_AT_COMMON 0x0000
#define MDK_VIRTIO_AT_ISR 0x1000
#define MDK_VIRTIO_AT_CONFIG 0x2000
#define MDK_VIRTIO_AT_NOTIFY 0x3000
#define MDK_VIRTIO_AT_TABLE 0x4000
#define MDK_VIRTIO_AT_PBA 0x5000
#define MDK_VIRTIO_BAR_SIZE SZ_32K

/* What follows length in a capability that says where a structure is: 13 bytes. */
#define MDK_VIRTIO_WHERE(_type, _at, _size)                                                        \
	(_type), MDK_VIRTIO_BAR, 0, 0, 0, (_at) & 0xff, (_at) >> 8 & 0xff, 0, 0, (_size) & 0xff,   \
		(_size) >> 8 & 0xff, 0, 0

u64 mdk_virtio_bar_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			unsigned int width);
void mdk_virtio_bar_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			  unsigned int width, u64 value);
/** @endcond */

/** Regions, capabilities and interrupts of a device with @_queues queues, for MDK_VIRTIO(). */
#define MDK_VIRTIO_TABLES(_name, _queues)                                                          \
	static const u8 _name##_common[] = { MDK_VIRTIO_WHERE(1, MDK_VIRTIO_AT_COMMON, 0x38) };    \
	static const u8 _name##_notify[] = {                                                       \
		MDK_VIRTIO_WHERE(2, MDK_VIRTIO_AT_NOTIFY, 4 * (_queues)), 4, 0, 0, 0               \
	};                                                                                         \
	static const u8 _name##_isr[] = { MDK_VIRTIO_WHERE(3, MDK_VIRTIO_AT_ISR, 1) };             \
	static const u8 _name##_config[] = {                                                       \
		MDK_VIRTIO_WHERE(4, MDK_VIRTIO_AT_CONFIG, MDK_VIRTIO_CONFIG_MAX)                   \
	};                                                                                         \
	static const struct mdk_cap _name##_caps[] = {                                             \
		MDK_CAP_VENDOR(_name##_common, NULL, .name = "common"),                            \
		MDK_CAP_VENDOR(_name##_notify, NULL, .name = "notify"),                            \
		MDK_CAP_VENDOR(_name##_isr, NULL, .name = "isr"),                                  \
		MDK_CAP_VENDOR(_name##_config, NULL, .name = "device"),                            \
		{ .kind = MDK_CAP_KIND_VIRTIO, .name = "window" },                                 \
		MDK_CAP_MSIX(.table_bar = MDK_VIRTIO_BAR, .table_offset = MDK_VIRTIO_AT_TABLE,     \
			     .pba_bar = MDK_VIRTIO_BAR, .pba_offset = MDK_VIRTIO_AT_PBA),          \
	};                                                                                         \
	static const struct mdk_irq _name##_irqs[] = {                                             \
		MDK_INTX(), MDK_MSIX((_queues) + 1), MDK_ERR(),                                    \
	};                                                                                         \
	static const struct mdk_region_ops _name##_bar = {                                         \
		.read = mdk_virtio_bar_read, .write = mdk_virtio_bar_write,                        \
	};                                                                                         \
	static const struct mdk_region _name##_regions[] = {                                       \
		MDK_BAR_CALLBACK(MDK_VIRTIO_BAR, "virtio", MDK_VIRTIO_BAR_SIZE, &_name##_bar),     \
	}

/** What a model says of a virtio device: its identity and the tables of MDK_VIRTIO_TABLES(). */
#define MDK_VIRTIO(_name, _device, _class)                                                         \
	.pci = MDK_PCI(MDK_VIRTIO_VENDOR, MDK_VIRTIO_PCI_DEVICE(_device), _class, .revision = 1,   \
		       .subsystem_device = 0x40),                                                  \
	MDK_REGIONS(_name##_regions), MDK_IRQS(_name##_irqs), MDK_PCI_CAPS(_name##_caps)

/**
 * mdk_virtio_create() - the device of an instance, in its state after a reset
 * @dev: the instance; its model has pin_pages
 * @virtio: lives as long as the instance
 *
 * Context: may sleep; from init, once. Return: 0; -EINVAL for a faulty description, with a message
 * that names the fault; -ENOMEM.
 */
int __must_check mdk_virtio_create(struct mdk_dev *dev, const struct mdk_virtio *virtio);

/**
 * mdk_virtio_features() - what guest and device have agreed on
 * @dev: the instance
 *
 * Context: any. Return: the features; 0 before FEATURES_OK.
 */
u64 mdk_virtio_features(struct mdk_dev *dev);

/**
 * mdk_virtio_config_changed() - the driver has changed fields of its configuration
 * @dev: the instance
 *
 * The guest is interrupted and, reading them, notices if they change meanwhile. Context: between
 * mdk_lock() and mdk_unlock(), or in callbacks that run so, as the change itself.
 */
void mdk_virtio_config_changed(struct mdk_dev *dev);

#endif /* MDK_VIRTIO_H */
