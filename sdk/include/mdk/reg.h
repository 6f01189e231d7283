/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file reg.h
 * @brief Registers: a const table of 32-bit registers is a region.
 *
 * The SDK answers every access of a guest from the table: 1, 2, 4 and 8 bytes at any alignment,
 * merged and split. What the table does not declare reads all-ones and drops writes.
 */
#ifndef MDK_REG_H
#define MDK_REG_H

#include <mdk/types.h>

struct mdk_dev;
struct mdk_reg;

/**
 * struct mdk_at - the place of a register
 * @region: index of its region
 * @offset: of the register in it
 */
struct mdk_at {
	u32 region;
	u32 offset;
};

/** The register at @_offset in region @_region, for calls and rows that take a place. */
#define MDK_AT(_region, _offset) ((struct mdk_at){ .region = (_region), .offset = (_offset) })

/** How a guest's access changes a register. */
enum mdk_reg_kind {
	MDK_REG_KIND_RO = 1, /**< writes are dropped */
	MDK_REG_KIND_RW,     /**< writes change the bits of the mask */
	MDK_REG_KIND_W1C,    /**< a one in the mask clears the bit; the driver sets bits */
	MDK_REG_KIND_WO,     /**< reads all-zero; writes reach `written` only */
	MDK_REG_KIND_RC,     /**< reading clears the bits of the mask; the driver sets bits */
	MDK_REG_KIND_RSVD,   /**< reads all-zero, writes are dropped: room for later */
	MDK_REG_KIND_COUNTER64, /**< 64 bits; writes are dropped */
	MDK_REG_KIND_W1S,    /**< a one in the mask sets the bit; the driver clears bits */
	MDK_REG_KIND_EDID, /**< bytes of the monitor's EDID; writes are dropped */
};

/**
 * struct mdk_bits - bits of a register that have a name
 * @name: for documents, tests and tools: letters, digits and _
 * @high: the highest, 0 to 31
 * @low: the lowest
 */
struct mdk_bits {
	const char *name;
	u8 high;
	u8 low;
};

/** One bit with a name. */
#define MDK_BIT(_nr, _name) { .name = (_name), .high = (_nr), .low = (_nr) }
/** Bits from @_high down to @_low with a name. */
#define MDK_BITS(_high, _low, _name) { .name = (_name), .high = (_high), .low = (_low) }
/**
 * Names of a register's bits, as a part of its row:
 * MDK_REG_RW(0x4, "CONTROL", 0, 0x31, MDK_REG_BITS(MDK_BIT(0, "START"), MDK_BITS(5, 4, "MODE")))
 */
#define MDK_REG_BITS(...)                                                                          \
	.bits = (const struct mdk_bits[]){ __VA_ARGS__ },                                          \
	.nr_bits = sizeof((const struct mdk_bits[]){ __VA_ARGS__ }) / sizeof(struct mdk_bits)

/**
 * struct mdk_reg - one 32-bit register
 * @offset: bytes from the start of its region, a multiple of 4
 * @kind: see enum mdk_reg_kind
 * @name: for messages and generated documents
 * @reset: power-on value
 * @mask: bits a guest can change
 * @read: optional: the value a guest reads instead of the stored one
 * @written: optional side effect after a write. RW: @value is the whole new value; W1C, W1S: the
 *	bits written as one; WO: the bits written. Bits outside @mask are never in it.
 * @bits: optional: which bits have names, by MDK_REG_BITS()
 * @nr_bits: how many rows that are
 * @resets: bits of @mask of which a one, written, resets the device: registers and ops.reset, as
 *	VFIO_DEVICE_RESET does, but configuration space stays as the guest has set it up. No
 *	`written` runs
 * @count: how many equal registers the row makes; 0 means 1
 * @stride: bytes from one of them to the next
 * @read_at: as @read, of a row that makes several; @index says which, from 0
 * @written_at: likewise as @written
 * @driver_mask: bits of a stored register that the driver changes, by mdk_reg_set() and its like,
 *	and a guest cannot. Only a model that can be migrated (mdk/save.h) has to say so: there a
 *	bit outside @mask and @driver_mask keeps its value of @reset for ever, and a stream with
 *	another one is refused. Bits of causes and registers that the SDK moves for a ring need
 *	none. What a stream has in these bits is anybody's: ops.post_load looks at them
 * @read64: of a counter, optional: its value. Also for debugfs, so from after init until before
 *	fini, open or not
 *
 * Context of the callbacks: process, may sleep; one at a time for each instance. A guest chooses
 * when and how often they run, and every bit of @value inside @mask.
 */
struct mdk_reg {
	u32 offset;
	enum mdk_reg_kind kind;
	const char *name;
	u32 reset;
	u32 mask;
	u32 (*read)(struct mdk_dev *dev, const struct mdk_reg *reg);
	void (*written)(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value);
	const struct mdk_bits *bits;
	u32 nr_bits;
	u32 resets;
	u32 count;
	u32 stride;
	u32 (*read_at)(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index);
	void (*written_at)(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index, u32 value);
	u64 (*read64)(struct mdk_dev *dev, const struct mdk_reg *reg);
	u32 driver_mask;
};

/** A register that a guest cannot change; optionally with .read. */
#define MDK_REG_RO(_offset, _name, _value, ...)                                                    \
	{ .offset = (_offset), .kind = MDK_REG_KIND_RO, .name = (_name), .reset = (_value),        \
	  ##__VA_ARGS__ }

/** A register with storage; optionally with .read and .written. */
#define MDK_REG_RW(_offset, _name, _reset, _mask, ...)                                             \
	{ .offset = (_offset), .kind = MDK_REG_KIND_RW, .name = (_name), .reset = (_reset),        \
	  .mask = (_mask), ##__VA_ARGS__ }

/** A status register: mdk_reg_set_bits() sets, a guest clears by writing ones. */
#define MDK_REG_W1C(_offset, _name, _mask, ...)                                                    \
	{ .offset = (_offset), .kind = MDK_REG_KIND_W1C, .name = (_name), .mask = (_mask),         \
	  ##__VA_ARGS__ }

/**
 * A guest sets bits by writing ones, and zeros change nothing: the set half of an interrupt mask
 * (mdk/cause.h), or requests that mdk_reg_clear_bits() takes back when they are served. Optionally
 * with .reset, and .written, which gets the bits written as one.
 */
#define MDK_REG_W1S(_offset, _name, _mask, ...)                                                    \
	{ .offset = (_offset), .kind = MDK_REG_KIND_W1S, .name = (_name), .mask = (_mask),         \
	  ##__VA_ARGS__ }

/** A doorbell: needs .written. */
#define MDK_REG_WO(_offset, _name, _mask, ...)                                                     \
	{ .offset = (_offset), .kind = MDK_REG_KIND_WO, .name = (_name), .mask = (_mask),          \
	  ##__VA_ARGS__ }

/** A register that each read clears in the bits of @_mask; mdk_reg_set_bits() sets. */
#define MDK_REG_RC(_offset, _name, _mask, ...)                                                     \
	{ .offset = (_offset), .kind = MDK_REG_KIND_RC, .name = (_name), .mask = (_mask),          \
	  ##__VA_ARGS__ }

/** Reserved: unlike a hole it reads all-zero. */
#define MDK_REG_RSVD(_offset, _name)                                                               \
	{ .offset = (_offset), .kind = MDK_REG_KIND_RSVD, .name = (_name) }

/**
 * A counter of 64 bits at @_offset, a multiple of 8: mdk_counter_add() counts, or .read64 says what
 * it is. A read of the low half keeps the high half for the read that follows, so that both are of
 * one moment; a read of 8 bytes is too. The kernel's debugfs file of an instance shows it.
 */
#define MDK_REG_COUNTER64(_offset, _name, ...)                                                     \
	{ .offset = (_offset), .kind = MDK_REG_KIND_COUNTER64, .name = (_name), ##__VA_ARGS__ }

/**
 * @_bytes bytes from @_offset on, a multiple of 128 and at most MDK_EDID_MAX, in which a guest
 * reads the EDID of its monitor; zeroes behind it, and while no monitor is there. A type that has
 * it has MDK_OWN_EDID() too, through which the VFIO user writes as many bytes. See mdk/display.h.
 */
#define MDK_REG_EDID(_offset, _name, _bytes)                                                       \
	{ .offset = (_offset), .kind = MDK_REG_KIND_EDID, .name = (_name), .count = (_bytes) / 4 }

/**
 * mdk_reg_get() - value of a register as stored
 * @dev: the instance
 * @region: index of its region
 * @offset: of the register in it
 *
 * Context: any. Return: the value; all-ones if the model has no such register.
 */
u32 mdk_reg_get(struct mdk_dev *dev, u32 region, u32 offset);

/**
 * mdk_reg_set() - store a value, of any kind of register and all its bits
 * @dev: the instance
 * @region: index of its region
 * @offset: of the register in it
 * @value: the new value
 *
 * Replaces the whole word, also bits that a guest has just written. To change some bits while a
 * guest may write others use one of the three calls below.
 *
 * Context: any. No `written` runs. A register that the model does not have is left alone.
 */
void mdk_reg_set(struct mdk_dev *dev, u32 region, u32 offset, u32 value);

/**
 * mdk_reg_set_bits() - atomically set bits, as for an event in a W1C register
 * @dev: the instance
 * @region: index of its region
 * @offset: of the register in it
 * @bits: what to set; the others stay
 *
 * Context: any. A register that the model does not have is left alone.
 */
void mdk_reg_set_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits);

/**
 * mdk_reg_clear_bits() - atomically clear bits
 * @dev: the instance
 * @region: index of its region
 * @offset: of the register in it
 * @bits: what to clear; the others stay
 *
 * Context: any. No `written` runs. A register that the model does not have is left alone.
 */
void mdk_reg_clear_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits);

/**
 * mdk_reg_update_bits() - atomically give some bits of a register a value
 * @dev: the instance
 * @region: index of its region
 * @offset: of the register in it
 * @mask: what to change; the other bits stay
 * @value: what the bits of @mask become
 *
 * Context: any. No `written` runs. Return: the value that was stored; all-ones if the model has no
 * such register.
 * Guarantees: neither this nor a guest's write at the same time is lost, as far as they change
 * different bits.
 */
u32 mdk_reg_update_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 mask, u32 value);

/**
 * mdk_reg_update() - as mdk_reg_update_bits(), of a place
 * @dev: the instance
 * @at: the register: MDK_AT(region, offset)
 * @mask: what to change; the other bits stay
 * @value: what the bits of @mask become
 *
 * Context: any. No `written` runs. Return: the value that was stored; all-ones if the model has no
 * such register.
 * Guarantees: as mdk_reg_update_bits().
 */
u32 mdk_reg_update(struct mdk_dev *dev, struct mdk_at at, u32 mask, u32 value);

/**
 * mdk_counter_add() - count
 * @dev: the instance
 * @at: an MDK_REG_COUNTER64() without .read64
 * @more: what to add
 *
 * A reset sets it to 0. Context: any. A place without such a counter is left alone.
 */
void mdk_counter_add(struct mdk_dev *dev, struct mdk_at at, u64 more);

#endif /* MDK_REG_H */
