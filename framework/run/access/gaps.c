// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moderation of causes: a message that comes too early after the last one waits for a timer.
 *
 * The lock of a cause guards only when the next message may be sent and whether one waits. It is
 * never held across a signal, inside whose wake-up the same cause may be raised. A cause that is
 * raised while a message waits leaves it to the timer; the timer looks at the registers after it
 * has ended the wait. So the last one is never lost.
 */
#include <linux/hrtimer.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "run/instance/instance.h"
#include "causes.h"
#include "gaps.h"

#define MDK_GAP_MAX_US USEC_PER_SEC
/* Not in the hard interrupt, where a kernel for real time takes no such locks. */
#define MDK_GAP_TIMER HRTIMER_MODE_ABS_SOFT

/**
 * struct mdk_gap - moderation of one cause of an instance
 * @timer: runs while a message waits
 * @inst: the instance
 * @set: of the cause
 * @bit: of the cause
 * @lock: guards the rest
 * @next: when the next message may be sent
 * @waits: a message does
 */
struct mdk_gap {
	struct hrtimer timer;
	struct mdk_inst *inst;
	const struct mdk_cause_set *set;
	u32 bit;
	spinlock_t lock;
	ktime_t next;
	bool waits;
};

static u64 mdk_gap_us(const struct mdk_inst *inst, const struct mdk_gap_spec *spec)
{
	u64 us = spec->us;

	if (spec->val != MDK_NO_VAL)
		us *= (u32)atomic_read(&inst->vals[spec->val]);
	return min_t(u64, us, MDK_GAP_MAX_US);
}

/* Return: the message may be sent now; else it waits. */
static bool mdk_gap_passes(struct mdk_gap *gap, u64 us)
{
	unsigned long flags;
	bool passes = false;
	ktime_t now;

	spin_lock_irqsave(&gap->lock, flags);
	now = ktime_get();
	if (!gap->waits && !ktime_before(now, gap->next)) {
		gap->next = ktime_add_us(now, us);
		passes = true;
	} else if (!gap->waits) {
		gap->waits = true;
		hrtimer_start(&gap->timer, gap->next, MDK_GAP_TIMER);
	}
	spin_unlock_irqrestore(&gap->lock, flags);
	return passes;
}

u32 mdk_gaps_pass(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits)
{
	const struct mdk_gap_spec *spec;
	u32 left;

	for (left = bits & set->moderated; left; left &= left - 1) {
		spec = &set->gaps[__builtin_ctz(left)];
		if (!mdk_gap_passes(&inst->gaps[spec->nr], mdk_gap_us(inst, spec)))
			bits &= ~(left & -left);
	}
	return bits;
}

static void mdk_gap_over(struct mdk_gap *gap)
{
	unsigned long flags;

	spin_lock_irqsave(&gap->lock, flags);
	gap->waits = false;
	spin_unlock_irqrestore(&gap->lock, flags);
}

static enum hrtimer_restart mdk_gap_timer(struct hrtimer *timer)
{
	struct mdk_gap *gap = container_of(timer, struct mdk_gap, timer);

	mdk_gap_over(gap);
	mdk_causes_due(gap->inst, gap->set, 1U << gap->bit);
	return HRTIMER_NORESTART;
}

static void mdk_gap_init(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bit)
{
	struct mdk_gap *gap = &inst->gaps[set->gaps[bit].nr];

	gap->inst = inst;
	gap->set = set;
	gap->bit = bit;
	spin_lock_init(&gap->lock);
	mdk_hrtimer_setup(&gap->timer, mdk_gap_timer, MDK_GAP_TIMER);
}

int mdk_gaps_alloc(struct mdk_inst *inst)
{
	const struct mdk_plan *plan = inst->plan;
	const struct mdk_cause_set *set;
	u32 i, left;

	if (!plan->nr_gaps)
		return 0;
	inst->gaps = kvcalloc(plan->nr_gaps, sizeof(*inst->gaps), GFP_KERNEL);
	if (!inst->gaps)
		return -ENOMEM;
	for (i = 0; i < plan->nr_cause_sets; i++) {
		set = &plan->cause_sets[i];
		for (left = set->moderated; left; left &= left - 1)
			mdk_gap_init(inst, set, __builtin_ctz(left));
	}
	return 0;
}

static void mdk_gap_end(struct mdk_gap *gap)
{
	hrtimer_cancel(&gap->timer);
	spin_lock_irq(&gap->lock);
	gap->waits = false;
	gap->next = 0;
	spin_unlock_irq(&gap->lock);
}

void mdk_gaps_end(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; inst->gaps && i < inst->plan->nr_gaps; i++)
		mdk_gap_end(&inst->gaps[i]);
}

void mdk_gaps_hurry(struct mdk_inst *inst)
{
	struct mdk_gap *gap;
	u32 i;

	for (i = 0; inst->gaps && i < inst->plan->nr_gaps; i++) {
		gap = &inst->gaps[i];
		if (!READ_ONCE(gap->waits))
			continue;
		mdk_gap_end(gap);
		mdk_causes_due(inst, gap->set, 1U << gap->bit);
	}
}

void mdk_gaps_free(struct mdk_inst *inst)
{
	mdk_gaps_end(inst);
	kvfree(inst->gaps);
}
