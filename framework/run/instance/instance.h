/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance: the values of one device, and where in its life it is. See run/fence.h too. */
#ifndef MDK_INSTANCE_H
#define MDK_INSTANCE_H

#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/percpu.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <mdev_sdk/mdev.h>
#include <mdk/display.h>

#include "vfio_mdev/async.h"
#include "host.h"

struct mdk_counter64;
struct mdk_gap;
struct mdk_edid;
struct mdk_hw;
struct mdk_irqs;
struct mdk_migration;
struct mdk_pin_cache;
struct mdk_rings;
struct mdk_share;
struct mdk_virtio_dev;
struct mdk_work;

/* What debugfs counts for each instance. */
enum mdk_counter {
	MDK_COUNT_READS,
	MDK_COUNT_WRITES,
	MDK_COUNT_HOLES,
	MDK_COUNT_REFUSED,
	MDK_COUNT_IRQS,
	MDK_COUNT_RESETS,
	MDK_COUNT_OPENS,
	MDK_COUNT_VECTORS_WRONG,
	MDK_NR_COUNTERS,
};

/* One for each CPU: neither two vCPUs at once nor an interrupt amid a count loses one. */
struct mdk_counts {
	u64 n[MDK_NR_COUNTERS];
};

/* Where in its life an instance is, as mdk/life.h counts. */
enum mdk_phase {
	MDK_PHASE_INIT,
	MDK_PHASE_IDLE,
	MDK_PHASE_OPEN,
	MDK_PHASE_FINI,
};

/* Why the hardware of an instance is away, and why its workers are held. */
enum mdk_away {
	MDK_AWAY_PARENT = BIT(0),
	MDK_AWAY_MIGRATION = BIT(1),
};

/**
 * struct mdk_stop - resets of a device whose quiesce failed
 * @work: resets
 * @wait: for @served
 * @asked: number of the last request
 * @served: number of the last request that a reset has served
 * @tries: requests in a row that timed out
 * @over: ops.quiesce was called for the last time: the instance is gone; under @quiesce_lock
 * @quiesce_lock: held across ops.quiesce
 */
struct mdk_stop {
	struct work_struct work;
	wait_queue_head_t wait;
	unsigned long asked;
	unsigned long served;
	unsigned int tries;
	bool over;
	struct mutex quiesce_lock;
};

/* Numbers of planes that a user may still ask a dma-buf for. */
#define MDK_PLANES_KEPT 8

/**
 * struct mdk_shown - what the display has shown lately
 * @lock: guards the rest
 * @last: number of the newest plane, 0 before the first; goes on over a reset, since users keep
 *	dma-bufs by number
 * @kept: how many of the last numbers still have a plane
 * @planes: by number, modulo MDK_PLANES_KEPT
 */
struct mdk_shown {
	struct mutex lock;
	u32 last;
	u32 kept;
	struct mdk_plane planes[MDK_PLANES_KEPT];
};

/**
 * struct mdk_inst - an instance
 * @base: what callbacks see; first
 * @plan: of its type, alive as long as the instance
 * @slots: what accesses use: slots, pause_slots or void_slots of @plan
 * @host_link: in mdk_host.insts
 * @gone: the hardware is gone, for good; see run/fence.h
 * @fenced: no access reaches the hardware: gone or paused; written under @maps_lock, likewise
 * @fences: how often @fenced was set; under @maps_lock
 * @hw_off: nobody touches the hardware: gone or paused, and what was running has ended; in a pause
 *	written under @callbacks and stop.quiesce_lock
 * @away: bits of enum mdk_away: why ops.suspend was called; under @away_lock
 * @away_lock: held across a pause of this instance, and the end of one
 * @unsaved: it went away without ops.suspend; under @away_lock
 * @still: a migration lets it do no DMA; under @callbacks
 * @dma_runs: ops.quiesce failed when the parent was paused: ops.reset comes before the unpin
 * @off: its guest has switched it off, see run/bus_master.c; under @callbacks
 * @pending_reset: ops.reset was put off while the hardware was away; under @callbacks
 * @pending_scrub: likewise ops.scrub
 * @gone_round: the last of mdk_host.gone_rounds that has waited for this instance
 * @entry: held across ops.init and ops.open
 * @name: the UUID as text
 * @mdev: the mediated device
 * @irqs: its interrupts
 * @pins: its pins; NULL for a model without pin_pages
 * @copies: held for reading by copies without a pin; switching the device off waits for those
 * @switching: held across a write that may switch the device on or off, and what follows from it;
 *	outside of @callbacks
 * @cancel: ends a driver's wait for VFIO; on real parents only
 * @stop: resets that unmaps ask for
 * @callbacks: held across every callback with side effects, and across a reset;
 *	mdk_inst_lock() takes it (vendor_checks.h)
 * @callbacks_owner: who holds it, for run-time checks; there without them too, so that an access
 *	is the same code
 * @callbacks_again: how often its owner took it once more, by mistake; the owner's
 * @phase: see enum mdk_phase; changes between callbacks of init, open, close and fini
 * @endings_lock: guards @endings
 * @endings: actions of each scope, latest first
 * @resets: what mdk_at_reset() was given, constant after init
 * @works: workers, constant after init
 * @work: the one of ops.work
 * @works_lock: guards the members named works_*, and the state of each worker
 * @works_open: workers may be queued: from open until close begins
 * @works_held: bits of enum mdk_away; what is queued now runs when they are gone
 * @works_shut: number of resets under way: no worker runs, and what is queued runs afterwards
 * @works_anew: what is queued during a reset is of the life after it
 * @counts: for debugfs
 * @debugfs: its file
 * @maps_lock: guards @maps; a page fault holds it from its check of @gone until the page is mapped
 * @maps: the file behind all mappings, by which they are revoked; made by the first mmap
 * @ram: memory by region index
 * @hw: parts of the parent by region index; constant after init
 * @stats: what the driver has counted in regions of statistics, by region index
 * @shares: of regions that were exported as dma-buf; under @maps_lock while it is open
 * @shown: planes of the display
 * @config: configuration space, by offset / 4
 * @msix: words of the MSI-X table
 * @edid: the monitor, see run/access/edid.c; NULL for a type without one
 * @counters64: of all slots, see run/access/counters64.c
 * @gaps: of the plan's causes with moderation, see run/access/gaps.c
 * @params: values of the parameters; written under @callbacks
 * @rings_made: all rings, in the order in which they were made; constant after init
 * @rings: of the model's rows, see run/access/rings.c; constant after init
 * @virtio: of run/virtio; NULL for another device; constant after init
 * @migration: NULL for a model without .save_version; constant after init
 * @was_open: it was opened since it was created; under @entry
 * @vals: registers of all slots; @config and @msix lie behind them
 */
struct mdk_inst {
	struct mdk_dev base;
	const struct mdk_plan *plan;
	const struct mdk_slot *slots;
	struct list_head host_link;
	bool gone;
	bool fenced;
	unsigned int fences;
	bool hw_off;
	unsigned int away;
	struct mutex away_lock;
	bool unsaved;
	bool still;
	bool dma_runs;
	bool off;
	bool pending_reset;
	bool pending_scrub;
	unsigned int gone_round;
	struct mutex entry;
	const char *name;
	struct mdev_device *mdev;
	struct mdk_irqs *irqs;
	struct mdk_pin_cache *pins;
	struct rw_semaphore copies;
	struct mutex switching;
	struct mdv_cancel cancel;
	struct mdk_stop stop;
	struct mutex callbacks;
	struct task_struct *callbacks_owner;
	unsigned int callbacks_again;
	enum mdk_phase phase;
	struct mutex endings_lock;
	struct list_head endings[2];
	struct list_head resets;
	struct list_head works;
	struct mdk_work *work;
	spinlock_t works_lock;
	bool works_open;
	unsigned int works_held;
	unsigned int works_shut;
	bool works_anew;
	struct mdk_counts __percpu *counts;
	struct dentry *debugfs;
	struct mutex maps_lock;
	struct file *maps;
	void *ram[MDK_NR_SLOTS];
	struct mdk_hw *hw[MDK_NR_SLOTS];
	atomic64_t *stats[MDK_NR_SLOTS];
	struct mdk_share *shares[MDK_NR_SLOTS];
	struct mdk_shown shown;
	struct mdk_edid *edid;
	struct mdk_counter64 *counters64;
	struct mdk_gap *gaps;
	u32 *params;
	struct list_head rings_made;
	struct mdk_rings *rings;
	struct mdk_virtio_dev *virtio;
	struct mdk_migration *migration;
	bool was_open;
	atomic_t *config;
	atomic_t *msix;
	atomic_t vals[];
};

static inline struct mdk_inst *to_mdk_inst(struct mdk_dev *dev)
{
	return container_of(dev, struct mdk_inst, base);
}

static inline const struct mdk_ops *mdk_inst_ops(const struct mdk_inst *inst)
{
	return &inst->plan->host->ops;
}

/* A reset is on its way to ops.reset: what comes now is of the life that ends. */
static inline bool mdk_inst_ends(const struct mdk_inst *inst)
{
	return READ_ONCE(inst->works_shut) && !READ_ONCE(inst->works_anew);
}

/* Workers may be queued and rings run: it is open, and no reset is on its way to ops.reset. */
static inline bool mdk_inst_serves(const struct mdk_inst *inst)
{
	return READ_ONCE(inst->works_open) && !mdk_inst_ends(inst);
}

static inline void mdk_count_more(struct mdk_inst *inst, enum mdk_counter counter, u32 more)
{
	this_cpu_add(inst->counts->n[counter], more);
}

static inline void mdk_count(struct mdk_inst *inst, enum mdk_counter counter)
{
	mdk_count_more(inst, counter, 1);
}

/*
 * Changes the bits of @mask and no other, while another vCPU or the driver, in an interrupt, may
 * change the word too; fully ordered. @was: the word before. Return: the new word.
 */
static __always_inline u32 mdk_word_change_from(atomic_t *word, u32 mask, u32 val, u32 *was)
{
	int old = atomic_read(word);
	u32 now;

	do {
		now = ((u32)old & ~mask) | (val & mask);
	} while (unlikely(!atomic_try_cmpxchg(word, &old, now)));
	*was = old;
	return now;
}

static __always_inline u32 mdk_word_change(atomic_t *word, u32 mask, u32 val)
{
	u32 was;

	return mdk_word_change_from(word, mask, val, &was);
}

static inline const struct mdk_slot *mdk_slot_at(const struct mdk_inst *inst, u64 index)
{
	const struct mdk_slot *slot;

	if (unlikely(index >= MDK_NR_SLOTS))
		return NULL;
	slot = &READ_ONCE(inst->slots)[array_index_nospec(index, MDK_NR_SLOTS)];
	return likely(slot->size) ? slot : NULL;
}

#endif /* MDK_INSTANCE_H */
