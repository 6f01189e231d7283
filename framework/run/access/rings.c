// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings of a model's rows: what a guest writes to their registers, and the worker that serves them.
 *
 * One worker of the instance serves all. A round takes one descriptor of each ring in turn, up to
 * each ring's batch, and lets go of the lock in between: whatever a guest puts into its rings, an
 * access, a reset and a close wait for one turn. Causes of interrupts are raised at its end.
 *
 * A reset stops rings (ring.c) and forgets what a round has not raised yet. It waits for the
 * worker, which ends as no ring runs from its beginning on; one by an unmap does not wait, and a
 * round that finds its rings stopped comes to its end.
 */
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/sched.h>

#include <mdk/cause.h>

#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "ring_private.h"
#include "rings.h"

/* When what is asked to be tried again is; and the latest, so that it does not wait for others. */
#define MDK_AGAIN_MS 1
#define MDK_AGAIN_MS_MAX 10

/* What a ring with a rate may save up while it is idle. */
#define MDK_CREDIT_NS (10 * NSEC_PER_MSEC)

/**
 * struct mdk_bound - a ring of a row
 * @plan: where its registers are
 * @ring: the ring
 * @to: gets its completions, or NULL
 * @told: the driver knows that it has broken
 * @idle: nothing more in this round
 * @left: descriptors until its batch of this round is used up
 * @done: descriptors of this round
 * @raised: causes that the driver wants for them
 * @period: of one descriptor, in ns; 0: there is no rate
 * @next: when the next one may be done, in ns
 */
struct mdk_bound {
	const struct mdk_ring_plan *plan;
	struct mdk_ring *ring;
	struct mdk_bound *to;
	bool told;
	bool idle;
	u32 left;
	u32 done;
	u32 raised;
	u64 period;
	u64 next;
};

/**
 * struct mdk_rings - the rings of an instance
 * @work: serves them
 * @later: queues @work, so that a doorbell need not wait for its delay
 * @again_ms: when the round under way asks for another one; -1: it does not
 * @bound: as in mdk_plan.rings
 */
struct mdk_rings {
	struct mdk_work *work;
	struct mdk_work *later;
	int again_ms;
	struct mdk_bound bound[];
};

/* Causes */

static u32 mdk_bound_bits(const struct mdk_bound *bound, u32 bits)
{
	return bits << bound->plan->index * bound->plan->row->raises_step;
}

static void mdk_bound_raise(struct mdk_inst *inst, const struct mdk_bound *bound, u32 bits)
{
	const struct mdk_ring_row *row = bound->plan->row;

	if (bits && mdk_at_given(row->causes))
		mdk_irq_raise_at(&inst->base, row->causes, bits);
	else if (bits)
		mdk_irq_raise(&inst->base, bits);
}

/* What happens to a ring */

static void mdk_bound_changed(struct mdk_inst *inst, struct mdk_bound *bound, int why)
{
	const struct mdk_ring_row *row = bound->plan->row;
	struct mdk_call_state before = mdk_call_begin();

	if (row->changed)
		row->changed(&inst->base, bound->ring, bound->plan->index, why);
	mdk_call_end(inst->plan->host, "changed", row->name, &before);
}

/* It has broken, or could not start; once until it is started. A reset ends it without a word. */
static void mdk_bound_broken(struct mdk_inst *inst, struct mdk_bound *bound, int why)
{
	if (bound->told || !mdk_inst_serves(inst))
		return;
	bound->told = true;
	mdk_bound_raise(inst, bound, mdk_bound_bits(bound, bound->plan->row->raises_broken));
	mdk_bound_changed(inst, bound, why);
}

/* From a worker: its memory has gone. */
static void mdk_bound_lost(struct mdk_dev *dev, struct mdk_ring *ring)
{
	mdk_bound_broken(to_mdk_inst(dev), ring->bound, -EFAULT);
}

/* Return: of a call for the ring, 0 or not; what breaks the ring is told. */
static int mdk_bound_said(struct mdk_inst *inst, struct mdk_bound *bound, int ret)
{
	if (ret == -EFAULT || ret == -ERANGE)
		mdk_bound_broken(inst, bound, ret);
	return ret;
}

/* What a guest writes */

static u32 mdk_ring_val(struct mdk_inst *inst, u32 place)
{
	return place == MDK_NO_VAL ? 0 : atomic_read(&inst->vals[place]);
}

/* What a value of the size register says of the size. */
static u32 mdk_bound_size_of(const struct mdk_bound *bound, u32 val)
{
	u32 bits = bound->plan->row->size_bits;

	return bits ? (val & bits) >> __ffs(bits) : val;
}

/* Return: descriptors; 0 for what cannot be one of them. */
static u32 mdk_bound_size(struct mdk_inst *inst, const struct mdk_bound *bound)
{
	const struct mdk_ring_row *row = bound->plan->row;
	u32 val = mdk_bound_size_of(bound, mdk_ring_val(inst, bound->plan->size));

	if (bound->plan->size == MDK_NO_VAL)
		return row->max;
	switch (row->size_is) {
	case MDK_SIZE_LAST:
		return val < row->max ? val + 1 : 0;
	case MDK_SIZE_LOG2:
		return val <= ilog2(row->max) ? BIT(val) : 0;
	case MDK_SIZE_BYTES:
		return val % row->desc_size ? 0 : val / row->desc_size;
	default:
		return val;
	}
}

/* The guest's end is 0 at a start, also in a register that a guest reads back. */
static void mdk_bound_clear(struct mdk_inst *inst, struct mdk_bound *bound)
{
	atomic_set(&inst->vals[bound->plan->bell], 0);
	bound->told = false;
	bound->next = 0;
}

void mdk_rings_stop(struct mdk_ring *ring)
{
	mdk_ring_drop(ring);
	mdk_bound_clear(to_mdk_inst(ring->dev), ring->bound);
}

int mdk_rings_start(struct mdk_ring *ring, u64 base, u32 size)
{
	struct mdk_inst *inst = to_mdk_inst(ring->dev);
	int ret;

	mdk_bound_clear(inst, ring->bound);
	ret = mdk_ring_take(ring, base, size);
	/* All places of completions are the device's at first. */
	if (!ret && ring->bound->plan->row->completions)
		ret = mdk_ring_advance(ring, mdk_ring_limit(ring));
	/* Work may wait for completions, also for those of a ring that comes late. */
	mdk_work_queue(inst->rings->work, 0);
	return ret ? mdk_ring_refused(ring, ret) : 0;
}

bool mdk_ring_gets_entries(const struct mdk_ring *ring)
{
	return ring->bound && ring->bound->plan->row->completions;
}

void mdk_rings_came(struct mdk_ring *ring)
{
	struct mdk_inst *inst = to_mdk_inst(ring->dev);

	mdk_bound_changed(inst, ring->bound, 0);
	mdk_work_queue(inst->rings->work, 0);
}

static void mdk_bound_stop(struct mdk_inst *inst, struct mdk_bound *bound)
{
	mdk_rings_stop(bound->ring);
	mdk_bound_changed(inst, bound, 0);
}

static void mdk_bound_start(struct mdk_inst *inst, struct mdk_bound *bound)
{
	u64 base = mdk_ring_val(inst, bound->plan->base) |
		   (u64)mdk_ring_val(inst, bound->plan->base_high) << 32;
	int ret = mdk_rings_start(bound->ring, base, mdk_bound_size(inst, bound));

	if (ret)
		mdk_bound_broken(inst, bound, ret);
	else
		mdk_bound_changed(inst, bound, 0);
}

/* How far the guest's end goes. Return: what no ring has room for, if it cannot be. */
static u32 mdk_bound_more(const struct mdk_bound *bound, u32 val)
{
	const struct mdk_ring_row *row = bound->plan->row;
	const struct mdk_ring *ring = bound->ring;
	u32 end = ring->index.produced;

	if (row->completions)
		end -= mdk_ring_limit(ring);
	switch (row->indices) {
	case MDK_INDEX_MORE:
		return val;
	case MDK_INDEX_SLOT:
		return val < ring->index.size ? (val - end) & (ring->index.size - 1) : U32_MAX;
	default:
		return val - end;
	}
}

static void mdk_bound_rung(struct mdk_inst *inst, struct mdk_bound *bound, u32 val)
{
	struct mdk_ring *ring = bound->ring;
	int ret;

	if (!ring->memory && !ring->awaits) {
		mdk_bound_changed(inst, bound, -ENXIO);
		return;
	}
	ret = mdk_ring_advance(ring, mdk_bound_more(bound, val));
	if (!mdk_bound_said(inst, bound, ret))
		mdk_work_queue(inst->rings->work, 0);
}

static void mdk_bound_controlled(struct mdk_inst *inst, struct mdk_bound *bound, u32 was, u32 now)
{
	u32 enable = bound->plan->row->enable;
	bool before = (was & enable) == enable, after = (now & enable) == enable;

	if (after && !before)
		mdk_bound_start(inst, bound);
	else if (before && !after)
		mdk_bound_stop(inst, bound);
}

static void mdk_bound_sized(struct mdk_inst *inst, struct mdk_bound *bound, u32 now)
{
	if (mdk_bound_size_of(bound, now))
		mdk_bound_start(inst, bound);
	else
		mdk_bound_stop(inst, bound);
}

static void mdk_bound_written(struct mdk_inst *inst, struct mdk_bound *bound, u32 val, u32 was,
			      u32 now)
{
	const struct mdk_ring_plan *plan = bound->plan;

	if (val == plan->bell)
		mdk_bound_rung(inst, bound, now);
	else if (val == plan->control)
		mdk_bound_controlled(inst, bound, was, now);
	else if (val == plan->size && plan->control == MDK_NO_VAL)
		mdk_bound_sized(inst, bound, now);
}

void mdk_rings_written(struct mdk_inst *inst, const struct mdk_element *element, u32 val, u32 was,
		       u32 now)
{
	u32 i;

	lockdep_assert_held(&inst->callbacks);
	for (i = element->first_ring; i < element->end_ring; i++)
		mdk_bound_written(inst, &inst->rings->bound[i], val, was, now);
}

/* The worker */

static void mdk_rings_again(struct mdk_rings *rings, int ms)
{
	if (rings->again_ms < 0 || ms < rings->again_ms)
		rings->again_ms = ms;
}

static u32 mdk_bound_batch(const struct mdk_inst *inst, const struct mdk_bound *bound)
{
	const struct mdk_ring_row *row = bound->plan->row;

	if (row->batch_in_state)
		return READ_ONCE(*(u32 *)(inst->base.state + row->batch_offset)) ?: 1;
	return row->batch ?: MDK_RING_BATCH_DEFAULT;
}

/* Return: true if its rate lets it do one now; else it is tried again when it does. */
static bool mdk_bound_may(struct mdk_rings *rings, struct mdk_bound *bound)
{
	u64 now = ktime_get_ns();

	if (!bound->period || now >= bound->next)
		return true;
	mdk_rings_again(rings, clamp_t(u64, div_u64(bound->next - now, NSEC_PER_MSEC),
				       MDK_AGAIN_MS, MDK_AGAIN_MS_MAX));
	return false;
}

static void mdk_bound_charge(struct mdk_bound *bound)
{
	if (bound->period)
		bound->next = max(bound->next, ktime_get_ns() - MDK_CREDIT_NS) + bound->period;
}

/* The driver's part. Return: as mdk_ring_row.work; -ENOENT: it has no use for one now. */
static int mdk_bound_work(struct mdk_inst *inst, struct mdk_bound *bound, u8 *desc, u8 *entry,
			  u32 *raises)
{
	const struct mdk_ring_row *row = bound->plan->row;
	const struct mdk_job job = {
		.ring = bound->ring, .index = bound->plan->index, .desc = desc,
		.entry = bound->to ? entry : NULL, .raises = raises,
	};
	struct mdk_call_state before = mdk_call_begin();
	int ret = -ENOENT;

	if (!row->ready || row->ready(&inst->base, bound->ring, job.index)) {
		ret = mdk_ring_fetch(bound->ring, desc);
		ret = mdk_bound_said(inst, bound, ret) ? -ENOENT : row->work(&inst->base, &job);
	}
	mdk_call_end(inst->plan->host, "work", row->name, &before);
	return ret;
}

/* The phase changes with each turn of the ring. */
static void mdk_bound_phase(const struct mdk_bound *to, u8 *entry)
{
	const struct mdk_ring_row *row = to->plan->row;
	u32 turn = to->ring->index.consumed >> ilog2(to->ring->index.size);
	u8 bit = BIT(row->phase % 8);

	entry[row->phase / 8] &= ~bit;
	if (!(turn & 1) != row->phase_inverted)
		entry[row->phase / 8] |= bit;
}

/*
 * Work that is done is reported. What cannot be, as the memory of the completions has just gone, is
 * never done twice: its ring breaks too.
 */
static int mdk_bound_report(struct mdk_inst *inst, struct mdk_bound *bound, u8 *entry)
{
	struct mdk_bound *to = bound->to;

	if (!to)
		return 0;
	mdk_bound_phase(to, entry);
	if (!mdk_bound_said(inst, to, mdk_ring_put(to->ring, entry)))
		return 0;
	return mdk_ring_break(bound->ring, -EFAULT);
}

static int mdk_bound_finish(struct mdk_inst *inst, struct mdk_bound *bound, u8 *desc, u8 *entry,
			    u32 raises)
{
	int ret = mdk_bound_report(inst, bound, entry) ?: mdk_ring_complete(bound->ring, desc);

	if (mdk_bound_said(inst, bound, ret))
		return ret;
	bound->raised |= raises;
	mdk_bound_charge(bound);
	return 0;
}

/* Is there something in it, or a place for a completion? */
static bool mdk_bound_has(const struct mdk_bound *bound)
{
	return mdk_ring_running(bound->ring) && mdk_ring_waiting(bound->ring);
}

/* One descriptor. Return: 0 if there may be more. */
static int mdk_bound_step(struct mdk_inst *inst, struct mdk_bound *bound)
{
	u8 desc[MDK_RING_DESC_MAX] __aligned(8), entry[MDK_RING_DESC_MAX] __aligned(8) = {};
	u32 raises = 0;
	int ret;

	if (bound->plan->row->completions || !mdk_bound_has(bound) ||
	    (bound->to && !mdk_bound_has(bound->to)) || !mdk_bound_may(inst->rings, bound))
		return -ENOENT;
	ret = mdk_bound_work(inst, bound, desc, entry, &raises);
	if (!ret)
		return mdk_bound_finish(inst, bound, desc, entry, raises);
	if (ret == -EAGAIN)
		mdk_rings_again(inst->rings, MDK_AGAIN_MS);
	else if (ret != -EBUSY && ret != -ENOENT && mdk_ring_running(bound->ring))
		mdk_bound_broken(inst, bound, mdk_ring_break(bound->ring, ret));
	return ret;
}

/* One descriptor of each ring. Return: there may be more in this round. */
static bool mdk_rings_turn(struct mdk_inst *inst)
{
	struct mdk_bound *bound;
	bool more = false;
	u32 i;

	for (i = 0; i < inst->plan->nr_rings; i++) {
		bound = &inst->rings->bound[i];
		if (bound->idle || !bound->left)
			continue;
		bound->idle = mdk_bound_step(inst, bound);
		bound->left -= !bound->idle;
		bound->done += !bound->idle;
		more |= !bound->idle && bound->left;
	}
	return more;
}

static void mdk_rings_begin(struct mdk_inst *inst)
{
	struct mdk_bound *bound;
	u32 i;

	inst->rings->again_ms = -1;
	for (i = 0; i < inst->plan->nr_rings; i++) {
		bound = &inst->rings->bound[i];
		bound->idle = false;
		bound->done = 0;
		bound->raised = 0;
		bound->left = mdk_bound_batch(inst, bound);
	}
}

/* Both rows say what they raise: that of the work, and that of its completions. */
static void mdk_rings_end_round(struct mdk_inst *inst)
{
	struct mdk_bound *bound;
	u32 i;

	for (i = 0; i < inst->plan->nr_rings; i++) {
		bound = &inst->rings->bound[i];
		if (bound->plan->row->completions)
			continue;
		if (!bound->left && !bound->idle)
			mdk_rings_again(inst->rings, 0);
		if (!bound->done)
			continue;
		bound->done = 0;
		mdk_bound_raise(inst, bound, bound->raised |
				mdk_bound_bits(bound, bound->plan->row->raises));
		if (bound->to)
			mdk_bound_raise(inst, bound->to,
					mdk_bound_bits(bound->to, bound->to->plan->row->raises));
	}
}

static void mdk_rings_work(struct mdk_dev *dev, void *data)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct mdk_rings *rings = data;
	bool more;
	int again;

	mdk_lock(dev);
	mdk_rings_begin(inst);
	while ((more = mdk_rings_turn(inst))) {
		mdk_unlock(dev);
		cond_resched();
		mdk_lock(dev);
	}
	mdk_rings_end_round(inst);
	again = rings->again_ms;
	mdk_unlock(dev);
	if (again >= 0)
		mdk_work_queue(again ? rings->later : rings->work, again);
}

static void mdk_rings_later(struct mdk_dev *dev, void *data)
{
	struct mdk_rings *rings = data;

	mdk_work_queue(rings->work, 0);
}

/* A reset: what the round under way has done is of the life before. */
static void mdk_rings_reset(struct mdk_dev *dev, void *data)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct mdk_bound *bound;
	u32 i;

	for (i = 0; i < inst->plan->nr_rings; i++) {
		bound = &inst->rings->bound[i];
		bound->done = 0;
		bound->raised = 0;
		bound->told = false;
		bound->next = 0;
	}
}

/* Instances */

static atomic_t *mdk_ring_reg(struct mdk_inst *inst, u32 place)
{
	return place == MDK_NO_VAL ? NULL : &inst->vals[place];
}

static void mdk_bound_view(struct mdk_inst *inst, struct mdk_bound *bound)
{
	const struct mdk_ring_row *row = bound->plan->row;

	bound->ring->view = (struct mdk_ring_view){
		.state = mdk_ring_reg(inst, bound->plan->state),
		.running = row->running,
		.broken = row->broken,
		.done = mdk_ring_reg(inst, bound->plan->done),
		.slots = row->indices == MDK_INDEX_SLOT,
		.mask = ~0U,
	};
}

static int mdk_bound_create(struct mdk_inst *inst, struct mdk_bound *bound)
{
	const struct mdk_ring_row *row = bound->plan->row;
	const struct mdk_ring_spec spec = {
		.name = row->name, .max = row->max, .desc_size = row->desc_size,
		.status = row->completions ? 0 : row->status, .dir = row->dir,
		.buffer_pages = row->buffer_pages,
	};
	struct mdk_ring *ring = mdk_ring_make(&inst->base, &spec);
	u32 rate = row->rate ? row->rate(inst->plan->type) : 0;

	if (!ring)
		return -ENOMEM;
	ring->silent = row->silent || row->to;
	if (row->completions)
		ring->memory_dir = MDK_FROM_DEVICE;
	else if (ring->silent)
		ring->memory_dir = MDK_TO_DEVICE;
	ring->bound = bound;
	bound->ring = ring;
	bound->period = rate ? div_u64(NSEC_PER_SEC, rate) : 0;
	mdk_bound_view(inst, bound);
	return mdk_ring_on_broken(ring, mdk_bound_lost);
}

int mdk_rings_create(struct mdk_inst *inst)
{
	const struct mdk_plan *plan = inst->plan;
	struct mdk_rings *rings;
	int ret = 0;
	u32 i;

	if (!plan->nr_rings)
		return 0;
	rings = mdk_zalloc(&inst->base, MDK_UNTIL_REMOVE,
			   struct_size(rings, bound, plan->nr_rings));
	if (!rings)
		return -ENOMEM;
	inst->rings = rings;
	rings->work = mdk_works_add(inst, mdk_rings_work, rings);
	rings->later = mdk_works_add(inst, mdk_rings_later, rings);
	if (!rings->work || !rings->later)
		return -ENOMEM;
	for (i = 0; i < plan->nr_rings && !ret; i++) {
		rings->bound[i].plan = &plan->rings[i];
		if (plan->rings[i].to != MDK_NO_RING)
			rings->bound[i].to = &rings->bound[plan->rings[i].to];
		ret = mdk_bound_create(inst, &rings->bound[i]);
	}
	return ret ?: mdk_resets_add(inst, mdk_rings_reset, rings);
}

/* For the driver */

struct mdk_ring *mdk_ring_at(struct mdk_dev *dev, u32 row, u32 index)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const struct mdk_ring_plan *plan = inst->plan->rings;
	u32 i;

	for (i = 0; i < inst->plan->nr_rings; i++)
		if (plan[i].number == row && plan[i].index == index)
			return inst->rings->bound[i].ring;
	return NULL;
}

struct mdk_work *mdk_rings_worker(struct mdk_dev *dev)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	return inst->rings ? inst->rings->work : NULL;
}
