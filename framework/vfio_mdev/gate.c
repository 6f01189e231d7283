// SPDX-License-Identifier: GPL-2.0-only
/* Gates: which ranges of guest memory may not be pinned for now, and for how long (unmap.c). */
#include <linux/interval_tree_generic.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "bridge.h"
#include "unmapper.h"

/* A gate's pause after the first notice, and how often it is doubled at most. */
#define MDK_PAUSE_MS 5
#define MDK_PAUSE_DOUBLINGS 7

/* Without a notice for so long its count is forgotten. */
#define MDK_PAUSE_MEMORY_NS NSEC_PER_SEC

/* So many of the gates that are there does a notice look at, whether they can go. */
#define MDK_GATES_SWEEP 4

static u64 mdk_gate_first(const struct mdk_gate *gate)
{
	return gate->first;
}

static u64 mdk_gate_last(const struct mdk_gate *gate)
{
	return gate->last;
}

INTERVAL_TREE_DEFINE(struct mdk_gate, node, u64, subtree_last, mdk_gate_first, mdk_gate_last,
		     static, mdk_gate_tree)

static bool mdk_gate_late(const struct mdk_gate *gate)
{
	return !list_empty(&gate->late);
}

/*
 * Is what the last notice gave up on still there? Then VFIO asks again, however late, and how often
 * it has asked must not be forgotten: it stops the host after the eleventh.
 */
static bool mdk_gate_pending(struct mdk_pins *pins, const struct mdk_gate *gate)
{
	const u64 first = gate->late_first, last = gate->late_last;

	return mdk_gate_late(gate) && (!mdk_released(pins, gate->target) ||
				       mdk_range_flying(pins, first, last) ||
				       mdk_range_pinned(pins, first, last));
}

/* Is it something of this range that the last notice gave up on? */
static bool mdk_gate_overdue(const struct mdk_gate *gate, u64 first, u64 last)
{
	return mdk_gate_late(gate) && gate->late_first <= last && first <= gate->late_last;
}

static void mdk_gate_set_late(struct mdk_pins *pins, struct mdk_gate *gate, u64 first, u64 last)
{
	bool late = mdk_gate_late(gate);

	gate->late_first = late ? min(gate->late_first, first) : first;
	gate->late_last = late ? max(gate->late_last, last) : last;
	list_move(&gate->late, &pins->late);
}

/* A pin of a range that an unmap waits for goes to the worker, newly condemned. */
void mdk_gates_await(struct mdk_pins *pins, const struct mdk_pin *pin)
{
	struct mdk_gate *gate = mdk_gate_tree_iter_first(&pins->gates, pin->first, pin->last);

	for (; gate; gate = mdk_gate_tree_iter_next(gate, pin->first, pin->last))
		if (gate->noticing || mdk_gate_overdue(gate, pin->first, pin->last))
			gate->target = pins->nr_condemned;
}

static void mdk_gate_pause(struct mdk_gate *gate)
{
	unsigned int doublings = min(max(gate->asked, 1U) - 1, (unsigned int)MDK_PAUSE_DOUBLINGS);

	gate->asked_at = ktime_get_ns();
	gate->until = gate->asked_at + ((u64)MDK_PAUSE_MS * NSEC_PER_MSEC << doublings);
}

/* Before a release is counted: VFIO may not look at once at what it was waiting for. */
void mdk_gates_extend(struct mdk_pins *pins)
{
	struct mdk_gate *gate;

	list_for_each_entry(gate, &pins->late, late)
		if (mdk_gate_pending(pins, gate))
			mdk_gate_pause(gate);
}

static bool mdk_gate_shut(struct mdk_pins *pins, const struct mdk_gate *gate)
{
	return gate->noticing || ktime_get_ns() < gate->until || mdk_gate_pending(pins, gate) ||
	       mdk_asker_inside(gate->asker);
}

static bool mdk_gate_long_ago(const struct mdk_gate *gate)
{
	return ktime_get_ns() - gate->asked_at >= MDK_PAUSE_MEMORY_NS;
}

/* Its count says nothing any more. */
static bool mdk_gate_over(struct mdk_pins *pins, const struct mdk_gate *gate)
{
	return !mdk_gate_shut(pins, gate) && (gate->asker || mdk_gate_long_ago(gate));
}

static void mdk_gate_unlink(struct mdk_pins *pins, struct mdk_gate *gate)
{
	lockdep_assert_held(&pins->lock);
	mdk_gate_tree_remove(gate, &pins->gates);
	list_del(&gate->link);
	list_del(&gate->late);
	put_pid(gate->asker);
}

void mdk_gate_free(struct mdk_pins *pins, struct mdk_gate *gate)
{
	mdk_gate_unlink(pins, gate);
	if (gate >= pins->reserve && gate < pins->reserve + MDK_GATES_RESERVE) {
		list_add(&gate->link, &pins->spare);
	} else {
		pins->nr_gates--;
		kfree(gate);
	}
}

/*
 * When a device goes from one user to the next: a thread that is inside VFIO asks the next one too,
 * about what he pinned meanwhile. So its gates stay, and others for their pause.
 */
void mdk_gates_free_over(struct mdk_pins *pins)
{
	struct mdk_gate *gate, *next;

	list_for_each_entry_safe(gate, next, &pins->recent, link)
		if (mdk_gate_over(pins, gate))
			mdk_gate_free(pins, gate);
}

/* A few at a time: no notice makes more than one. */
static void mdk_gates_sweep(struct mdk_pins *pins)
{
	struct mdk_gate *gate, *next;
	unsigned int looked = 0;

	list_for_each_entry_safe(gate, next, &pins->recent, link) {
		if (looked++ == MDK_GATES_SWEEP)
			break;
		if (mdk_gate_over(pins, gate))
			mdk_gate_free(pins, gate);
		else
			list_move_tail(&gate->link, &pins->recent);
	}
}

bool mdk_range_shut(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_gate *gate = mdk_gate_tree_iter_first(&pins->gates, first, last), *next;

	for (; gate; gate = next) {
		next = mdk_gate_tree_iter_next(gate, first, last);
		if (mdk_gate_shut(pins, gate))
			return true;
		/* What may pass is not what a notice gave up on. */
		if (mdk_gate_over(pins, gate))
			mdk_gate_free(pins, gate);
		else
			list_del_init(&gate->late);
	}
	return false;
}

/*
 * Is there an unmap whose last notice gave up, and what it gave up on is still there? Once the
 * worker came so far that only VFIO's next question is missing, other ranges need not wait for it.
 */
bool mdk_gates_stuck(struct mdk_pins *pins)
{
	const struct mdk_gate *gate;

	list_for_each_entry(gate, &pins->late, late)
		if (!(gate->condemned && mdk_released(pins, gate->target)) &&
		    mdk_gate_shut(pins, gate))
			return true;
	return false;
}

static void mdk_gate_grow(struct mdk_pins *pins, struct mdk_gate *gate, u64 first, u64 last)
{
	mdk_gate_tree_remove(gate, &pins->gates);
	gate->first = min(gate->first, first);
	gate->last = max(gate->last, last);
	mdk_gate_tree_insert(gate, &pins->gates);
	gate->merged = true;
	pins->gates_merged++;
}

/* Not one thread's any more: so the longest pause, in place of seeing it leave. */
static void mdk_gate_disown(struct mdk_gate *gate)
{
	put_pid(gate->asker);
	gate->asker = NULL;
	gate->asked = max(gate->asked, MDK_PAUSE_DOUBLINGS + 1U);
	mdk_gate_pause(gate);
}

/* @gate becomes what both were. Return: @other, which is in no use now. */
static struct mdk_gate *mdk_gate_absorb(struct mdk_pins *pins, struct mdk_gate *gate,
					struct mdk_gate *other)
{
	bool same = gate->asker == other->asker;

	mdk_gate_grow(pins, gate, other->first, other->last);
	if ((long)(other->target - gate->target) > 0)
		gate->target = other->target;
	if (mdk_gate_late(other)) {
		gate->condemned = other->condemned && (!mdk_gate_late(gate) || gate->condemned);
		mdk_gate_set_late(pins, gate, other->late_first, other->late_last);
	}
	gate->gave_up = max(gate->gave_up, other->gave_up);
	gate->asked = max(gate->asked, other->asked);
	gate->asked_at = max(gate->asked_at, other->asked_at);
	gate->until = max(gate->until, other->until);
	if (!same || !gate->asker)
		mdk_gate_disown(gate);
	mdk_gate_unlink(pins, other);
	return other;
}

static u64 mdk_gates_gap(const struct mdk_gate *left, const struct mdk_gate *right)
{
	return right->first > left->last ? right->first - left->last : 0;
}

/* What two gates lose when they become one, least first: an asker that is inside cannot be seen. */
enum mdk_gates_loss {
	MDK_LOSES_NOTHING,
	MDK_LOSES_A_PAUSE,
	MDK_LOSES_AN_ASKER,
};

static enum mdk_gates_loss mdk_gates_loss(const struct mdk_gate *left, const struct mdk_gate *right)
{
	if (left->asker && left->asker == right->asker)
		return MDK_LOSES_NOTHING;
	if (mdk_asker_inside(left->asker) || mdk_asker_inside(right->asker))
		return MDK_LOSES_AN_ASKER;
	return MDK_LOSES_A_PAUSE;
}

struct mdk_gates_pair {
	struct mdk_gate *left;
	struct mdk_gate *right;
	enum mdk_gates_loss loss;
	u64 gap;
};

static bool mdk_pair_is_better(const struct mdk_gates_pair *a, const struct mdk_gates_pair *b)
{
	return !b->left || a->loss < b->loss || (a->loss == b->loss && a->gap < b->gap);
}

/*
 * Makes one of two neighbours that lose least by it, of those the ones that lie nearest to each
 * other; one that a notice works with stays. Return: the other.
 */
static struct mdk_gate *mdk_gates_merge(struct mdk_pins *pins)
{
	struct mdk_gate *gate = mdk_gate_tree_iter_first(&pins->gates, 0, U64_MAX), *before = NULL;
	struct mdk_gates_pair best = { }, pair;

	for (; gate; gate = mdk_gate_tree_iter_next(gate, 0, U64_MAX)) {
		if (before && !(before->noticing && gate->noticing)) {
			pair = (struct mdk_gates_pair){ before, gate, mdk_gates_loss(before, gate),
							mdk_gates_gap(before, gate) };
			if (mdk_pair_is_better(&pair, &best))
				best = pair;
		}
		/* Of those so far the one that reaches farthest. */
		if (!before || gate->last > before->last)
			before = gate;
	}
	if (!best.left)
		return NULL;
	return best.right->noticing ? mdk_gate_absorb(pins, best.right, best.left) :
				      mdk_gate_absorb(pins, best.left, best.right);
}

static struct mdk_gate *mdk_gate_spare(struct mdk_pins *pins)
{
	struct mdk_gate *gate = list_first_entry_or_null(&pins->spare, struct mdk_gate, link);

	if (gate)
		list_del(&gate->link);
	return gate;
}

/* Not charged to anybody: who is at his limit must not make it so. The most bounds a device. */
static struct mdk_gate *mdk_gate_more(struct mdk_pins *pins)
{
	struct mdk_gate *gate = NULL;

	if (pins->nr_gates < MDK_GATES_MAX)
		gate = kmalloc(sizeof(*gate), GFP_NOWAIT | __GFP_NOWARN);
	pins->nr_gates += !!gate;
	return gate;
}

/* An unmap must not fail for want of memory. Return: one that is all zero, or NULL. */
static struct mdk_gate *mdk_gate_alloc(struct mdk_pins *pins)
{
	struct mdk_gate *gate;

	gate = mdk_gate_more(pins) ?: mdk_gate_spare(pins) ?: mdk_gates_merge(pins);
	if (gate)
		memset(gate, 0, sizeof(*gate));
	return gate;
}

static struct mdk_gate *mdk_gate_new(struct mdk_pins *pins, u64 first, u64 last,
				     struct pid *asker)
{
	struct mdk_gate *gate = mdk_gate_alloc(pins);

	if (!gate) {
		/* All that there are belong to notices under way, so there are some. */
		gate = list_first_entry(&pins->recent, struct mdk_gate, link);
		mdk_gate_grow(pins, gate, first, last);
		mdk_gate_disown(gate);
		return gate;
	}
	gate->first = first;
	gate->last = last;
	gate->asker = get_pid(asker);
	INIT_LIST_HEAD(&gate->late);
	list_add_tail(&gate->link, &pins->recent);
	mdk_gate_tree_insert(gate, &pins->gates);
	return gate;
}

/*
 * The thread's gate of exactly this range, else one that was merged over it and is no other
 * thread's, else none.
 */
static struct mdk_gate *mdk_gate_find(struct mdk_pins *pins, u64 first, u64 last,
				      const struct pid *asker)
{
	struct mdk_gate *gate, *merged = NULL;

	for (gate = mdk_gate_tree_iter_first(&pins->gates, first, last); gate;
	     gate = mdk_gate_tree_iter_next(gate, first, last)) {
		if (gate->asker && gate->asker != asker)
			continue;
		if (gate->merged && gate->first <= first && last <= gate->last)
			merged = gate;
		else if (gate->first == first && gate->last == last && gate->asker == asker)
			return gate;
	}
	return merged;
}

static void mdk_gate_forgive(struct mdk_gate *gate)
{
	gate->gave_up = 0;
	list_del_init(&gate->late);
}

/* Another notice for the range. Return: how many in a row it is, for the gate that saw most. */
static unsigned int mdk_gates_count(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_gate *gate = mdk_gate_tree_iter_first(&pins->gates, first, last), *next;
	unsigned int most = 1;

	for (; gate; gate = next) {
		next = mdk_gate_tree_iter_next(gate, first, last);
		if (mdk_gate_over(pins, gate))
			mdk_gate_free(pins, gate);
		else
			most = max(most, ++gate->asked);
	}
	return most;
}

/* A new unmap of the same thread begins, and what it asked about earlier is done with. */
static bool mdk_gate_stale(const struct mdk_gate *gate, bool again)
{
	if (!again)
		return gate->asker;
	return !gate->merged && !gate->gave_up && mdk_gate_long_ago(gate);
}

void mdk_notice_begin(struct mdk_pins *pins, struct mdk_notice *notice)
{
	const u64 first = notice->first, last = notice->last;
	bool again;
	struct pid *asker = mdk_asker_mark(&again);
	struct mdk_gate *gate;
	unsigned int asked;

	spin_lock(&pins->lock);
	gate = mdk_gate_find(pins, first, last, asker);
	if (gate && mdk_gate_stale(gate, again)) {
		mdk_gate_free(pins, gate);
		gate = NULL;
	}
	if (gate)
		gate->noticing++;
	mdk_gates_sweep(pins);
	asked = mdk_gates_count(pins, first, last);
	if (!gate) {
		gate = mdk_gate_new(pins, first, last, asker);
		gate->asked = max(gate->asked, asked);
		gate->noticing++;
	}
	notice->gate = gate;
	spin_unlock(&pins->lock);
}

/* What another notice gave up on, for a range that lies beside, is not answered by this one. */
static void mdk_notice_count(struct mdk_pins *pins, const struct mdk_notice *notice, bool condemned,
			     unsigned long target)
{
	struct mdk_gate *gate = notice->gate;
	bool beside = mdk_gate_late(gate) &&
		      !mdk_gate_overdue(gate, notice->first, notice->last);

	gate->condemned = condemned && (!beside || gate->condemned);
	if (!condemned || !mdk_released(pins, target)) {
		gate->gave_up++;
		mdk_gate_set_late(pins, gate, notice->first, notice->last);
	} else if (!beside) {
		mdk_gate_forgive(gate);
	}
}

/* @condemned: all pins of the range are the worker's, who has released them at @target. */
void mdk_notice_end(struct mdk_pins *pins, struct mdk_notice *notice, bool condemned,
		    unsigned long target)
{
	struct mdk_gate *gate = notice->gate, *other;

	spin_lock(&pins->lock);
	other = mdk_gate_tree_iter_first(&pins->gates, gate->first, gate->last);
	for (; other; other = mdk_gate_tree_iter_next(other, gate->first, gate->last))
		mdk_gate_pause(other);
	/* Unless a pin landed meanwhile. */
	if ((long)(target - gate->target) > 0)
		gate->target = target;
	mdk_notice_count(pins, notice, condemned, target);
	gate->noticing--;
	spin_unlock(&pins->lock);
}

/*
 * Nothing of the device is pinned any more, nor will it be in a gate whose asker is inside: how
 * often the user who leaves let a thread wait is nothing to the next. Without an asker it counts
 * on, until it is long ago.
 */
void mdk_gates_forgive(struct mdk_pins *pins)
{
	struct mdk_gate *gate;

	list_for_each_entry(gate, &pins->recent, link)
		if (gate->asker && !gate->noticing)
			mdk_gate_forgive(gate);
}

unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);

	return b ? READ_ONCE(b->pins.gates_merged) : 0;
}
EXPORT_SYMBOL_GPL(mdk_mdev_gates_merged);
