/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file region.h
 * @brief Regions: what a guest can address. A BAR of registers, of memory, or of callbacks.
 *
 * No access outside a region, to an index that is not declared, or of a width the SDK does not
 * split, reaches a driver.
 */
#ifndef MDK_REGION_H
#define MDK_REGION_H

#include <mdk/reg.h>
#include <mdk/types.h>

/** What answers a region's accesses. */
enum mdk_region_kind {
	MDK_REGION_KIND_REGS = 1, /**< a table of registers */
	MDK_REGION_KIND_RAM,      /**< memory of the instance, zero at power-on */
	MDK_REGION_KIND_CALLBACK, /**< the driver */
	MDK_REGION_KIND_HW,       /**< pages of the parent's own, see mdk_map_hw() */
	MDK_REGION_KIND_EDID,     /**< the monitor, see mdk/display.h */
};

#define MDK_MMAP     BIT(0) /**< RAM and hardware only: a guest may map it */
#define MDK_PREFETCH BIT(1) /**< BAR only: prefetchable */
#define MDK_BAR64    BIT(2) /**< BAR only: 64 bits wide; takes the next index too */
#define MDK_READONLY BIT(3) /**< RAM and hardware only: guests cannot write; the driver can */
#define MDK_IO       BIT(4) /**< BAR only: in I/O space, 4 to 256 bytes */
#define MDK_STATS    BIT(5) /**< RAM with MDK_MMAP only: numbers for a guest, see MDK_BAR_STATS() */

/** Largest region of statistics, in bytes. */
#define MDK_STATS_MAX SZ_64K

/** Index of the expansion ROM (uapi: VFIO_PCI_ROM_REGION_INDEX). */
#define MDK_ROM_INDEX 6
/** First index of a region of the device's own kind; they are numbered from here. */
#define MDK_OWN_INDEX 9
/** Regions of the device's own kind that a model may have. */
#define MDK_OWN_REGIONS_MAX 16
/** uapi: VFIO_REGION_TYPE_GFX */
#define MDK_REGION_TYPE_GFX 1
/** uapi: VFIO_REGION_SUBTYPE_GFX_EDID */
#define MDK_REGION_SUBTYPE_EDID 1

/**
 * struct mdk_widths - widths of an access, in bytes: 1, 2, 4 or 8
 * @min: narrowest, 0 means 1
 * @max: widest, 0 means 8
 */
struct mdk_widths {
	u8 min;
	u8 max;
};

/**
 * struct mdk_area - a part of a region that can be mapped
 * @offset: bytes from the region's start, page aligned
 * @size: bytes, page aligned
 */
struct mdk_area {
	u64 offset;
	u64 size;
};

struct mdk_region;

/**
 * struct mdk_region_ops - the callbacks of a region of callbacks
 * @read: value of @width (1, 2, 4 or 8) bytes at @offset, aligned to @width, inside @region
 * @write: likewise; NULL makes the region read-only
 *
 * Context: process, may sleep; one at a time for each instance. Values are passed as u64, so that
 * no uninitialised byte can reach a guest.
 */
struct mdk_region_ops {
	u64 (*read)(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		    unsigned int width);
	void (*write)(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		      unsigned int width, u64 value);
};

/**
 * struct mdk_region - one region
 * @index: VFIO region index; 0 to 5 are the BARs of a PCI device
 * @name: for messages and generated documents
 * @kind: see enum mdk_region_kind
 * @size: bytes; a BAR's is a power of two of at least 16, a RAM region's a multiple of the page
 * @flags: MDK_MMAP and the like
 * @regs: of MDK_REGION_KIND_REGS
 * @nr_regs: entries of @regs
 * @ops: of MDK_REGION_KIND_CALLBACK
 * @valid: widths that a guest may use: a wider access is split; a narrower one reads all-ones or
 *	is dropped
 * @impl: of MDK_REGION_KIND_CALLBACK: widths that the callbacks take. Wider accesses are split; a
 *	narrower one calls @read, and for a write merges and calls @write, under the lock of the
 *	callbacks. For a word that changes without that lock, or has bits that a one clears (W1C),
 *	that is wrong: set @valid.min to the same width.
 * @areas: RAM and hardware with MDK_MMAP: only these parts can be mapped (VFIO: sparse mmap);
 *	NULL for all
 * @nr_areas: entries of @areas
 * @type: of a region from MDK_OWN_INDEX on: VFIO_REGION_TYPE_*
 * @subtype: likewise
 */
struct mdk_region {
	u32 index;
	const char *name;
	enum mdk_region_kind kind;
	u64 size;
	u32 flags;
	const struct mdk_reg *regs;
	u32 nr_regs;
	const struct mdk_region_ops *ops;
	struct mdk_widths valid;
	struct mdk_widths impl;
	const struct mdk_area *areas;
	u32 nr_areas;
	u32 type;
	u32 subtype;
};

/** BAR @_bar is the register table @_regs (an array). */
#define MDK_BAR_REGS(_bar, _name, _size, _regs, ...)                                               \
	{ .index = (_bar), .name = (_name), .kind = MDK_REGION_KIND_REGS, .size = (_size),         \
	  .regs = (_regs), .nr_regs = ARRAY_SIZE(_regs), ##__VA_ARGS__ }

/** BAR @_bar is memory. */
#define MDK_BAR_MEM(_bar, _name, _size, _flags, ...)                                               \
	{ .index = (_bar), .name = (_name), .kind = MDK_REGION_KIND_RAM, .size = (_size),          \
	  .flags = (_flags), ##__VA_ARGS__ }

/**
 * BAR @_bar is a page, or some, of numbers of 64 bits, little-endian, that the driver counts and a
 * guest reads without leaving its own code: it maps them. mdk_stat_add() and mdk_stat_set() write
 * them, and nothing of it is read back: a guest can write to the page (a mapping that it could not
 * write to would end its virtual machine when it did), and sees what it wrote until the driver
 * writes there again. Each instance has its own; a reset and the last close make it all zero.
 */
#define MDK_BAR_STATS(_bar, _name, _size, ...)                                                     \
	{ .index = (_bar), .name = (_name), .kind = MDK_REGION_KIND_RAM, .size = (_size),          \
	  .flags = MDK_MMAP | MDK_STATS, ##__VA_ARGS__ }

/** BAR @_bar is answered by @_ops. */
#define MDK_BAR_CALLBACK(_bar, _name, _size, _ops, ...)                                            \
	{ .index = (_bar), .name = (_name), .kind = MDK_REGION_KIND_CALLBACK, .size = (_size),     \
	  .ops = (_ops), ##__VA_ARGS__ }

/** BAR @_bar is made of pages of the parent, which init assigns with mdk_map_hw(). */
#define MDK_BAR_HW(_bar, _name, _size, _flags, ...)                                                \
	{ .index = (_bar), .name = (_name), .kind = MDK_REGION_KIND_HW, .size = (_size),           \
	  .flags = (_flags), ##__VA_ARGS__ }

/** The expansion ROM: read-only memory that the driver fills through mdk_ram(). */
#define MDK_ROM(_name, _size)                                                                      \
	{ .index = MDK_ROM_INDEX, .name = (_name), .kind = MDK_REGION_KIND_RAM, .size = (_size),   \
	  .flags = MDK_READONLY }

/**
 * The @_nr-th region (from 0) of the device's own kind, memory; VFIO users find it by @_type and
 * @_subtype.
 */
#define MDK_OWN_MEM(_nr, _name, _size, _type, _subtype, _flags, ...)                               \
	{ .index = MDK_OWN_INDEX + (_nr), .name = (_name), .kind = MDK_REGION_KIND_RAM,            \
	  .size = (_size), .type = (_type), .subtype = (_subtype), .flags = (_flags),              \
	  ##__VA_ARGS__ }

/** Likewise, registers. */
#define MDK_OWN_REGS(_nr, _name, _size, _type, _subtype, _regs, ...)                               \
	{ .index = MDK_OWN_INDEX + (_nr), .name = (_name), .kind = MDK_REGION_KIND_REGS,           \
	  .size = (_size), .type = (_type), .subtype = (_subtype), .regs = (_regs),                \
	  .nr_regs = ARRAY_SIZE(_regs), ##__VA_ARGS__ }

/** Likewise, callbacks. */
#define MDK_OWN_CALLBACK(_nr, _name, _size, _type, _subtype, _ops, ...)                            \
	{ .index = MDK_OWN_INDEX + (_nr), .name = (_name), .kind = MDK_REGION_KIND_CALLBACK,       \
	  .size = (_size), .type = (_type), .subtype = (_subtype), .ops = (_ops), ##__VA_ARGS__ }

/**
 * The @_nr-th region of the device's own kind is VFIO's region of the monitor (type graphics,
 * subtype EDID: struct vfio_region_gfx_edid), through which the user describes it.
 */
#define MDK_OWN_EDID(_nr)                                                                          \
	{ .index = MDK_OWN_INDEX + (_nr), .name = "EDID", .kind = MDK_REGION_KIND_EDID,            \
	  .size = SZ_4K, .type = MDK_REGION_TYPE_GFX, .subtype = MDK_REGION_SUBTYPE_EDID,          \
	  .valid = { .max = 4 } }

/**
 * mdk_ram() - the memory of a RAM region
 * @dev: the instance
 * @region: its index
 *
 * Context: any. The guest may write to it at any time: copy a value before checking it.
 * Return: address of the region's first byte, alive as long as the instance; NULL if @region is
 * not RAM, or is one of statistics, which a driver does not read.
 */
void *mdk_ram(struct mdk_dev *dev, u32 region);

/**
 * mdk_stat_add() - count in a region of statistics
 * @dev: the instance
 * @at: the number: MDK_AT(region, offset), the offset a multiple of 8
 * @more: what to add to what the driver has counted there, whatever a guest wrote
 *
 * Context: any but NMI. A place that is none is left alone. Guarantees: of two calls at once none
 * is lost, and the guest sees the sum.
 */
void mdk_stat_add(struct mdk_dev *dev, struct mdk_at at, u64 more);

/**
 * mdk_stat_set() - set a number in a region of statistics
 * @dev: the instance
 * @at: the number: MDK_AT(region, offset), the offset a multiple of 8
 * @value: what it becomes
 *
 * Context: any but NMI. A place that is none is left alone.
 */
void mdk_stat_set(struct mdk_dev *dev, struct mdk_at at, u64 value);

#endif /* MDK_REGION_H */
