/* SPDX-License-Identifier: GPL-2.0-only */
/* The compiled form of a region, which an access finds by the region's index. */
#ifndef MDK_SLOT_H
#define MDK_SLOT_H

#include <mdk/region.h>

struct mdk_slot_ops;

/* Region indexes and flags of VFIO; run/ioctl.c compares them with <linux/vfio.h>. */
#define MDK_INDEX_BAR5 5
#define MDK_INDEX_CONFIG 7
#define MDK_INDEX_VGA 8

#define MDK_SLOT_READ BIT(0)
#define MDK_SLOT_WRITE BIT(1)
#define MDK_SLOT_MMAP BIT(2)

#define MDK_NR_SLOTS (MDK_OWN_INDEX + MDK_OWN_REGIONS_MAX)

/* A VFIO offset is index << 40 | offset in the region, as in vfio-pci. */
#define MDK_OFFSET_BITS 40
#define MDK_OFFSET_MASK (BIT_ULL(MDK_OFFSET_BITS) - 1)

#define MDK_MAP_STORED BIT(15)
#define MDK_MAP_PLAIN BIT(14)
#define MDK_MAP_NUMBER (BIT(14) - 1)

/* A register table covers at most this much of its region; what lies behind is a hole. */
#define MDK_REGS_SPAN_MAX SZ_1M

/* A part of a region; empty with size 0. */
struct mdk_span {
	u64 first;
	u64 size;
};

#define MDK_ELEMENT_RESETS BIT(0)	/* has .resets */
#define MDK_ELEMENT_READ_AT BIT(1)
#define MDK_ELEMENT_WRITTEN_AT BIT(2)
#define MDK_ELEMENT_LOW BIT(3)		/* half of a counter */
#define MDK_ELEMENT_HIGH BIT(4)
#define MDK_ELEMENT_CAUSES BIT(5)	/* a status or mask register of causes */
#define MDK_ELEMENT_RING BIT(6)		/* a guest works a ring of a row by it */
#define MDK_ELEMENT_CLEARS BIT(7)	/* ones written there clear bits of a mask register */
#define MDK_ELEMENT_BANKED BIT(8)	/* shows the value of the ring that a guest has selected */

/**
 * struct mdk_element - one register of a table of which a row may make several
 * @row: its row
 * @index: its number among those of the row
 * @flags: MDK_ELEMENT_RESETS and the like
 * @mask: with MDK_ELEMENT_CLEARS: number of the mask register in this table
 * @counter: number of the counter in mdk_inst.counters64
 * @bank: with MDK_ELEMENT_BANKED: where in mdk_inst.vals the value of the first ring is, and those
 *	of the others behind it
 * @first_ring: with MDK_ELEMENT_RING or _BANKED: the first of the plan's rings that it may be of
 * @end_ring: the one behind the last
 */
struct mdk_element {
	u16 row;
	u16 index;
	u16 flags;
	u16 mask;
	union {
		u32 counter;
		u32 bank;
	};
	u16 first_ring;
	u16 end_ring;
};

/**
 * struct mdk_slot - the compiled form of one region index
 * @size: bytes; 0 for an index that is not declared
 * @flags: MDK_SLOT_READ and the like
 * @kind: 0 for configuration space
 * @ops: accesses in steps; NULL for RAM, which is copied
 * @region: the declaration; NULL for configuration space
 * @map: for each 4 bytes the number of its register plus one, 0 for a hole; with
 *	MDK_MAP_STORED if a read is just the stored value, MDK_MAP_PLAIN if a write just
 *	changes it. The first register of a row has the row's number, and others of a row
 *	follow behind the last row; they are never MDK_MAP_PLAIN
 * @nr_map: entries of @map
 * @regs: the register table, entries of @reg_size bytes
 * @reg_size: see struct mdk_registration
 * @elements: by number of the register; NULL if no register of the table has one to do more
 * @nr_fast: @nr_map if a guest may access 4 bytes, else 0
 * @first_val: where the slot's values begin in mdk_inst.vals
 * @nr_vals: registers that it has
 * @valid: widths that a guest may use, defaults filled in
 * @impl: widths that the callbacks want, defaults filled in
 * @msix_table: the part that is the MSI-X table
 * @msix_pba: the part that is its pending bits
 */
struct mdk_slot {
	u64 size;
	u32 flags;
	enum mdk_region_kind kind;
	const struct mdk_slot_ops *ops;
	const struct mdk_region *region;
	u16 *map;
	u32 nr_map;
	const void *regs;
	u32 reg_size;
	struct mdk_element *elements;
	u32 nr_fast;
	u32 first_val;
	u32 nr_vals;
	struct mdk_widths valid;
	struct mdk_widths impl;
	struct mdk_span msix_table;
	struct mdk_span msix_pba;
};

/* Has a register of that kind a value that is kept? */
static inline bool mdk_reg_stores(enum mdk_reg_kind kind)
{
	switch (kind) {
	case MDK_REG_KIND_RO:
	case MDK_REG_KIND_RW:
	case MDK_REG_KIND_W1C:
	case MDK_REG_KIND_W1S:
	case MDK_REG_KIND_RC:
		return true;
	default:
		return false;
	}
}

/* The vendor's arrays may be of another SDK version, with entries of another size. */
static inline const struct mdk_reg *mdk_slot_reg(const struct mdk_slot *slot, u32 i)
{
	return (const void *)((const char *)slot->regs + i * slot->reg_size);
}

/* The row of the register of that number. */
static inline const struct mdk_reg *mdk_slot_row(const struct mdk_slot *slot, u32 i)
{
	return mdk_slot_reg(slot, slot->elements ? slot->elements[i].row : i);
}

#endif /* MDK_SLOT_H */
