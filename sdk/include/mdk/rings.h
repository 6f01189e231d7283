/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file rings.h
 * @brief Rings as rows: a ring of mdk/ring.h, bound to the registers by which a guest works it.
 *
 * A row says where a guest writes the address and the size of a ring, what starts it, and where the
 * two ends stand. The driver writes one function, which does the work of one descriptor; the SDK
 * starts and stops the ring, takes descriptors from it in a worker of its own, writes back what
 * became of them, raises the causes of interrupts, and ends all that at a reset and at the last
 * close. Nothing that a guest writes is trusted: see mdk/ring.h.
 *
 * Completions go back into the descriptor, or, with .to, as entries into a ring of their own with a
 * phase bit, which the guest empties. While that is full no work is taken.
 *
 * What starts a ring is a register of the row; or, with .driver_starts, the driver, where a guest
 * says by a command of another ring or register where the ring is. Many rings have registers each,
 * .stride bytes apart, or share their place, and .select is the register that says whose are there.
 *
 * A ring of a row is a `struct mdk_ring` like others, so that mdk_ring_read() and the like take it.
 * mdk_ring_start() and mdk_ring_stop() do for it all that a start and a stop by register do: the
 * guest's end is 0, a ring of completions has all its places, the worker looks for work. They call
 * no .changed, as the driver knows; a start that is refused is returned and shown by .broken, and
 * raises nothing. They work on a ring that registers start too, and do not change those registers.
 * What else moves a ring is the SDK's: mdk_ring_produce(), mdk_ring_fetch(), mdk_ring_complete()
 * and mdk_ring_on_broken() are not for rings of rows.
 */
#ifndef MDK_RINGS_H
#define MDK_RINGS_H

#include <mdk/dma.h>
#include <mdk/reg.h>
#include <mdk/types.h>

struct mdk_dev;
struct mdk_ring;
struct mdk_type;
struct mdk_work;

/** Rings that all rows of a model may make. */
#define MDK_RINGS_MAX 256
/** Descriptors of a ring in one round, without .batch. */
#define MDK_RING_BATCH_DEFAULT 32

/** What the size register says; a ring has a power of two of descriptors in any case. */
enum mdk_ring_size_is {
	MDK_SIZE_COUNT = 0, /**< how many descriptors */
	MDK_SIZE_LAST,	    /**< one less: the number of the last one */
	MDK_SIZE_LOG2,	    /**< the exponent of two */
	MDK_SIZE_BYTES,	    /**< how many bytes */
};

/** What the registers of the two ends say. */
enum mdk_ring_indices {
	MDK_INDEX_COUNT = 0, /**< how many since the start; goes on over the end, to 2^32 */
	MDK_INDEX_SLOT,	     /**< a place in the ring, 0 at its end; one place stays free */
	MDK_INDEX_MORE,	     /**< the guest writes how many more; the other end is a count */
};

/**
 * struct mdk_job - one descriptor to work on
 * @ring: where it comes from
 * @index: of the ring among those of its row
 * @desc: a copy, desc_size bytes; from .status on it is written back
 * @entry: with .to: the entry of the completion ring, zeroes; else NULL. The SDK sets the phase
 * @raises: 0: causes that this one raises beside .raises of the row, when it is completed and the
 *	round ends; .raises_step does not shift them
 */
struct mdk_job {
	struct mdk_ring *ring;
	u32 index;
	void *desc;
	void *entry;
	u32 *raises;
};

/**
 * struct mdk_ring_row - a ring, or several equal ones
 * @name: for messages and documents
 * @base: the register with the address of the first descriptor: an MDK_REG_RW. Here and in all
 *	that follows MDK_AT(0, 0) means that there is none, but for @base
 * @base_high: optional, MDK_REG_RW: the upper half of the address
 * @size: MDK_REG_RW, see @size_is and @size_bits. Without @control a write of it starts the ring
 *	anew, or stops it with 0. Optional with @control: then a ring has @max descriptors
 * @control: optional, MDK_REG_RW: the ring starts as @enable goes from 0 to 1, and stops as it
 *	goes back
 * @head: the end that is nearer to be done. Of work: optional, MDK_REG_RO: what is completed. Of
 *	completions: MDK_REG_RW or _WO: what the guest has taken out
 * @tail: the other end. Of work: the doorbell, MDK_REG_RW or _WO: what the guest has made. Of
 *	completions: optional, MDK_REG_RO: what the device has put in
 * @state: optional, MDK_REG_RO without .read: shows @running and @broken
 * @enable: bits of @control, all of them needed
 * @running: bits of @state that are set while the ring runs
 * @broken: bits of @state that are set from when it breaks, or its start is refused, until it is
 *	started or stopped
 * @size_is: see enum mdk_ring_size_is
 * @indices: see enum mdk_ring_indices
 * @count: how many rings the row makes; 0 means 1
 * @stride: bytes from each register of a ring to that of the next; or see @select
 * @max: descriptors that a guest may ask for, a power of two from 2 to 32768
 * @desc_size: bytes of a descriptor, or of an entry: 8, 16, 32 or 64
 * @status: bytes from the start of a descriptor to what the device writes back, a multiple of 4
 * @silent: nothing is written back; with @to it never is
 * @dir: who writes to the buffers that descriptors name; 0: none are read or written by this ring
 * @buffer_pages: with @dir: pages of buffers that stay pinned between uses, a power of two
 * @completions: the row makes completion rings
 * @phase: of those: the bit, from the start of an entry, that says whether an entry is new: one of
 *	the last 32. It is 1 in the first turn of a ring, 0 in the second, and so on
 * @phase_inverted: it is 0 in the first turn
 * @to: name of the row of completions that work is reported to: to its ring of the same index, or
 *	to its only one
 * @work: does what a descriptor says. Return: 0: done, complete it; -EAGAIN: the same one comes
 *	again a millisecond later; -EBUSY: the same one comes again when mdk_rings_worker() is
 *	queued; any other errno breaks the ring, and @changed gets it
 * @ready: optional: false while the device has no use for a descriptor; asked before one is fetched
 * @changed: optional: the ring has started or stopped (@why is 0), could not start (what
 *	mdk_ring_start() returns), has broken (-ERANGE by the guest's index, -EFAULT as its
 *	memory went, or what @work returned), or was rung although it is stopped (-ENXIO). Not at
 *	a reset
 * @rate: optional: descriptors that a ring of an instance of @type may have done in a second, 0 for
 *	no limit
 * @batch: descriptors of a ring in one round, before others get a turn; or by MDK_RING_BATCH()
 * @batch_in_state: see MDK_RING_BATCH()
 * @batch_offset: see MDK_RING_BATCH()
 * @raises: causes for each round in which descriptors were done, or entries put in
 * @raises_broken: causes when the ring breaks, and when a start by register is refused
 * @raises_step: ring i raises both shifted left by i times this many bits
 * @causes: their status register; by default that of the first row of MDK_CAUSES()
 * @size_bits: which bits of the size register are the size, side by side; their lowest counts 1.
 *	0: all that a guest can write, where each bit counts what it does in the register. With
 *	some @size may be the register of @control
 * @driver_starts: no register starts the ring: the driver calls mdk_ring_start(). The row has
 *	neither @base, @base_high, @size, @size_bits, @control nor @enable
 * @select: optional, MDK_REG_RW without callbacks, instead of @stride: while it holds i, all
 *	registers that the row names are those of ring i; while it holds @count or more, they read
 *	0 and drop writes. So it is for mdk_reg_get() and the like too. A reset gives those of all
 *	rings their reset value. They have no callbacks and no .resets, and are of this row alone
 *
 * Context of the callbacks: process, may sleep; under the instance's lock. @rate: when an instance
 * is created. A round lets go of the lock after a descriptor of each ring.
 */
struct mdk_ring_row {
	const char *name;
	struct mdk_at base;
	struct mdk_at base_high;
	struct mdk_at size;
	struct mdk_at control;
	struct mdk_at head;
	struct mdk_at tail;
	struct mdk_at state;
	u32 enable;
	u32 running;
	u32 broken;
	enum mdk_ring_size_is size_is;
	enum mdk_ring_indices indices;
	u32 count;
	u32 stride;
	u32 max;
	u32 desc_size;
	u32 status;
	bool silent;
	enum mdk_dma_dir dir;
	u32 buffer_pages;
	bool completions;
	u32 phase;
	bool phase_inverted;
	const char *to;
	int (*work)(struct mdk_dev *dev, const struct mdk_job *job);
	bool (*ready)(struct mdk_dev *dev, struct mdk_ring *ring, u32 index);
	void (*changed)(struct mdk_dev *dev, struct mdk_ring *ring, u32 index, int why);
	u32 (*rate)(const struct mdk_type *type);
	u32 batch;
	bool batch_in_state;
	size_t batch_offset;
	u32 raises;
	u32 raises_broken;
	u32 raises_step;
	struct mdk_at causes;
	u32 size_bits;
	bool driver_starts;
	struct mdk_at select;
};

/** A ring of descriptors: MDK_RING("tx", .base = MDK_AT(0, TX_LO), .size = ..., .work = send) */
#define MDK_RING(_name, ...) { .name = (_name), ##__VA_ARGS__ }

/** A ring of completions, whose phase is bit @_phase: MDK_COMPLETIONS("cq", 112, .base = ...) */
#define MDK_COMPLETIONS(_name, _phase, ...)                                                        \
	{ .name = (_name), .completions = true, .phase = (_phase), ##__VA_ARGS__ }

/**
 * As a part of a row: .batch is what @_member (a u32) of @_struct, the driver's state, says at each
 * round, such as an MDK_PARAM_U32(); 0 there counts as 1. The driver includes mdk/param.h.
 */
#define MDK_RING_BATCH(_struct, _member)                                                           \
	.batch_in_state = true,                                                                    \
	.batch_offset = offsetof(_struct, _member) + MDK_NEEDS_TYPE(_struct, _member, u32)

/**
 * mdk_ring_at() - a ring of a row
 * @dev: the instance
 * @row: number of the row in MDK_RINGS()
 * @index: of the ring among those of the row
 *
 * Context: any, from init on. Return: the ring, which lives as long as the instance; NULL if there
 * is none.
 */
struct mdk_ring *mdk_ring_at(struct mdk_dev *dev, u32 row, u32 index);

/**
 * mdk_rings_worker() - the worker that serves the rings of all rows
 * @dev: the instance
 *
 * For mdk_work_queue() when .ready or .work would say something else by now, and for
 * mdk_port_create(). Context: any, from init on. Return: the worker; NULL without MDK_RINGS().
 */
struct mdk_work *mdk_rings_worker(struct mdk_dev *dev);

/**
 * mdk_ring_overlaps() - would a write there change descriptors?
 * @ring: of a row or of mdk_ring_create()
 * @addr: first byte
 * @len: bytes
 *
 * Context: as mdk_ring_read(). Return: true if a byte of the range, which may wrap, is one of the
 * ring's; false for a stopped ring.
 */
bool mdk_ring_overlaps(struct mdk_ring *ring, u64 addr, u64 len);

#endif /* MDK_RINGS_H */
