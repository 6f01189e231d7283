/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file pci.h
 * @brief The PCI identity and the capabilities of a device. The SDK owns its configuration space.
 *
 * Read-only is the default: a guest changes the bits that PCI says it can, and those of a vendor
 * capability's mask. What nobody claims reads zero and drops writes. With MDK_CAP_PCIE() the space
 * has 4096 bytes, without 256. VFIO_DEVICE_RESET, a Function Level Reset and the last close bring
 * every byte back to its power-on value.
 *
 * Bus mastering: at power-on bit 2 of the command register is zero. While it is, or while
 * MDK_CAP_PM() has the function in D3hot, its guest has switched the device off: nothing is pinned,
 * copied or fetched from a ring (-ESHUTDOWN; trying again is of no use), and vectors of MSI and
 * MSI-X that have their capability are dropped and counted (debugfs: messages_dropped). INTx, ERR
 * and REQ go on. The write that clears the bit acts like an unmap of everything: ops.quiesce for
 * all addresses, once, or ops.reset if that fails; then every pin is dead, and only then the write
 * returns. A message under way at that moment may still arrive. The bits for memory and I/O have no
 * effect. mdk_model.always_master is for a device that does not look at any of this.
 */
#ifndef MDK_PCI_H
#define MDK_PCI_H

#include <mdk/types.h>

struct mdk_dev;

/**
 * struct mdk_pci - fields of the configuration header
 * @vendor: vendor ID
 * @device: device ID
 * @class: base class and subclass, as PCI_CLASS_* of linux/pci_ids.h
 * @prog_if: programming interface
 * @revision: revision ID
 * @subsystem_vendor: 0 means @vendor
 * @subsystem_device: 0 means @device
 */
struct mdk_pci {
	u16 vendor;
	u16 device;
	u16 class;
	u8 prog_if;
	u8 revision;
	u16 subsystem_vendor;
	u16 subsystem_device;
};

/** Vendor, device and class; the rest by name. */
#define MDK_PCI(_vendor, _device, _class, ...)                                                     \
	{ .vendor = (_vendor), .device = (_device), .class = (_class), ##__VA_ARGS__ }

/** Capabilities that a model may have. */
#define MDK_CAPS_MAX 64

/** The capabilities that the SDK knows to build. */
enum mdk_cap_kind {
	MDK_CAP_KIND_PM = 1,  /**< power management */
	MDK_CAP_KIND_MSI,     /**< message signalled interrupts */
	MDK_CAP_KIND_MSIX,    /**< the same, with a table in a BAR */
	MDK_CAP_KIND_PCIE,    /**< PCI Express */
	MDK_CAP_KIND_VENDOR,  /**< the vendor's own, up to 189 bytes */
	MDK_CAP_KIND_XVENDOR, /**< the vendor's own in extended space, up to 3832 bytes */
	MDK_CAP_KIND_XDSN,    /**< device serial number */
	MDK_CAP_KIND_VIRTIO,  /**< virtio's window into a BAR, of MDK_VIRTIO_TABLES() */
};

/**
 * struct mdk_cap - one capability
 * @kind: see enum mdk_cap_kind
 * @name: for messages; optional
 * @offset: bytes from the start of configuration space, a multiple of 4; 0: the SDK chooses
 * @table_bar: MSI-X: the BAR that holds the table, 16 bytes a vector
 * @table_offset: MSI-X: where in it, a multiple of 8
 * @pba_bar: MSI-X: the BAR that holds the pending bits, 8 bytes for each 64 vectors
 * @pba_offset: MSI-X: where in it, a multiple of 8
 * @link_speed: PCI Express: 1 (2.5 GT/s) to 6 (64 GT/s); 0 means 1
 * @link_width: PCI Express: lanes: 1, 2, 4, 8, 12, 16, 32; 0 means 1
 * @data: vendor: what follows the header, at power-on
 * @size: bytes of @data
 * @write: vendor: bits of @data that a guest can change; NULL: none
 * @write_size: bytes of @write
 * @unstable: vendor: @data belongs to this host and is not kept in a migration
 * @vsec_id: extended vendor: the vendor's number of this structure
 * @vsec_revision: extended vendor: its revision, at most 15
 * @serial: device serial number (EUI-64)
 * @live: vendor: where in the driver's state (mdk_state()) the bytes are, instead of @data
 * @live_size: how many; 0: they are those of @data
 *
 * A device has one of each kind; of vendor kinds as many as fit. Use the macros.
 */
struct mdk_cap {
	enum mdk_cap_kind kind;
	const char *name;
	u32 offset;
	u32 table_bar;
	u32 table_offset;
	u32 pba_bar;
	u32 pba_offset;
	u8 link_speed;
	u8 link_width;
	const u8 *data;
	u32 size;
	const u8 *write;
	u32 write_size;
	bool unstable;
	u16 vsec_id;
	u8 vsec_revision;
	u64 serial;
	u32 live;
	u32 live_size;
};

/**
 * D0 and D3hot; a return to D0 resets nothing. A change of state has no effect on BARs; in D3hot
 * the device does no DMA and sends no message, as without bus mastering.
 */
#define MDK_CAP_PM(...) { .kind = MDK_CAP_KIND_PM, ##__VA_ARGS__ }

/** MSI with 64-bit addresses, without masks of single vectors; needs MDK_MSI() among MDK_IRQS. */
#define MDK_CAP_MSI(...) { .kind = MDK_CAP_KIND_MSI, ##__VA_ARGS__ }

/**
 * MSI-X; needs .table_bar, .table_offset, .pba_bar, .pba_offset, and MDK_MSIX() in the interrupts.
 *
 * The SDK answers for table and pending bits, whatever the rest of the BAR is. A VFIO user masks
 * vectors by himself, so the table is storage: mdk_irq_trigger() does not look at it, and no bit is
 * ever pending.
 */
#define MDK_CAP_MSIX(...) { .kind = MDK_CAP_KIND_MSIX, ##__VA_ARGS__ }

/** PCI Express endpoint, version 2, with Function Level Reset. */
#define MDK_CAP_PCIE(...) { .kind = MDK_CAP_KIND_PCIE, ##__VA_ARGS__ }

/** Bytes of an array; 0 for NULL. */
#define MDK_SIZE_OR_NULL(_array)                                                                   \
	(__builtin_types_compatible_p(typeof(_array), void *) ? 0 : sizeof(_array))

/** The vendor's bytes @_data (an array) with the writable bits @_write (an array, or NULL). */
#define MDK_CAP_VENDOR(_data, _write, ...)                                                         \
	{ .kind = MDK_CAP_KIND_VENDOR, .data = (_data), .size = sizeof(_data), .write = (_write),  \
	  .write_size = MDK_SIZE_OR_NULL(_write), ##__VA_ARGS__ }

/**
 * The vendor's bytes are @_member of the driver's state, a @_struct, at each moment: what the
 * driver stores there a guest reads next, and what a guest writes, in the bits of @_write (an array
 * of the member's size, or NULL), is there. So at power-on they are what ops.init and ops.reset
 * leave there. A write changes them under the instance's lock, a read takes none: a member of
 * several bytes may be read half changed, except for a __le32 at a multiple of 4 in configuration
 * space.
 */
#define MDK_CAP_VENDOR_LIVE(_struct, _member, _write, ...)                                         \
	{ .kind = MDK_CAP_KIND_VENDOR, MDK_CAP_LIVE(_struct, _member, _write), ##__VA_ARGS__ }

/** Likewise in extended space, as the vendor's structure number @_id; needs MDK_CAP_PCIE(). */
#define MDK_XCAP_VENDOR_LIVE(_id, _revision, _struct, _member, _write, ...)                        \
	{ .kind = MDK_CAP_KIND_XVENDOR, .vsec_id = (_id), .vsec_revision = (_revision),            \
	  MDK_CAP_LIVE(_struct, _member, _write), ##__VA_ARGS__ }

/** @cond */
#define MDK_CAP_LIVE(_struct, _member, _write)                                                     \
	.live = offsetof(_struct, _member), .live_size = sizeof(((_struct *)0)->_member),          \
	.size = sizeof(((_struct *)0)->_member), .write = (_write),                                \
	.write_size = MDK_SIZE_OR_NULL(_write)
/** @endcond */

/** Likewise in extended space, as the vendor's structure number @_id; needs MDK_CAP_PCIE(). */
#define MDK_XCAP_VENDOR(_id, _revision, _data, _write, ...)                                        \
	{ .kind = MDK_CAP_KIND_XVENDOR, .vsec_id = (_id), .vsec_revision = (_revision),            \
	  .data = (_data), .size = sizeof(_data), .write = (_write),                               \
	  .write_size = MDK_SIZE_OR_NULL(_write), ##__VA_ARGS__ }

/** Device serial number; needs MDK_CAP_PCIE(). */
#define MDK_XCAP_DSN(_serial, ...)                                                                 \
	{ .kind = MDK_CAP_KIND_XDSN, .serial = (_serial), ##__VA_ARGS__ }

/**
 * mdk_cap_offset() - where the SDK has put a capability
 * @dev: the instance
 * @row: its number in the model's table
 *
 * Context: any. Return: bytes from the start of configuration space; 0 if there is no such row.
 */
u32 mdk_cap_offset(struct mdk_dev *dev, u32 row);

/**
 * mdk_config_get() - four bytes of configuration space, as a guest reads them
 * @dev: the instance
 * @offset: a multiple of 4
 *
 * Context: any. Return: the value; 0 outside the space.
 */
u32 mdk_config_get(struct mdk_dev *dev, u32 offset);

/**
 * mdk_config_set() - change bits of configuration space, also those that a guest cannot
 * @dev: the instance
 * @offset: a multiple of 4
 * @mask: the bits
 * @value: their new values
 *
 * For an error bit of the status register, or data of a vendor capability; bytes that are the
 * driver's state (MDK_CAP_VENDOR_LIVE()) it changes there. Nothing follows
 * from the change: the command register's INTx bit, for one, is not acted on. Bus mastering and the
 * power state are the guest's alone: their bits stay as they are.
 * Context: any.
 */
void mdk_config_set(struct mdk_dev *dev, u32 offset, u32 mask, u32 value);

#endif /* MDK_PCI_H */
