// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gates: which ranges of guest memory must not be pinned, and for how long. unmap.c says why.
 *
 * gate.c and pins.c know each other, and one lock guards what both have: whether a gate may open
 * depends on the pins of its range, and whether a pin may stay depends on the gates.
 */
#include <linux/interval_tree_generic.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "bridge.h"
#include "unmapper.h"

/* How long a gate stays shut after the first dma_unmap call, and how often that is doubled. */
#define MDV_BACKOFF_MS 5
#define MDV_BACKOFF_DOUBLINGS 7

/* After so long without a call the count of calls starts anew. */
#define MDV_BACKOFF_RESET_NS NSEC_PER_SEC

/* Of the gates that there are, so many are looked at in each call, whether they can go. */
#define MDV_GATES_SWEEP 4

static u64 mdv_gate_first(const struct mdv_gate *gate)
{
	return gate->first;
}

static u64 mdv_gate_last(const struct mdv_gate *gate)
{
	return gate->last;
}

INTERVAL_TREE_DEFINE(struct mdv_gate, node, u64, subtree_last, mdv_gate_first, mdv_gate_last,
		     static, mdv_gate_tree)

static bool mdv_gate_unfinished(const struct mdv_gate *gate)
{
	return !list_empty(&gate->unfinished);
}

/*
 * Is anything left of what the last call gave up on? Then VFIO will call again, however much later,
 * and the count of its calls must be kept: it stops the host after the eleventh.
 */
static bool mdv_gate_pending(struct mdv_pins *pins, const struct mdv_gate *gate)
{
	const u64 first = gate->unfinished_first, last = gate->unfinished_last;

	return mdv_gate_unfinished(gate) && (!mdv_unpinned(pins, gate->target) ||
					     mdv_range_in_flight(pins, first, last) ||
					     mdv_range_pinned(pins, first, last));
}

/* Did the last call give up on something of this range? */
static bool mdv_gate_unfinished_in(const struct mdv_gate *gate, u64 first, u64 last)
{
	return mdv_gate_unfinished(gate) &&
	       gate->unfinished_first <= last && first <= gate->unfinished_last;
}

static void mdv_gate_set_unfinished(struct mdv_pins *pins, struct mdv_gate *gate, u64 first,
				    u64 last)
{
	bool unfinished = mdv_gate_unfinished(gate);

	gate->unfinished_first = unfinished ? min(gate->unfinished_first, first) : first;
	gate->unfinished_last = unfinished ? max(gate->unfinished_last, last) : last;
	list_move(&gate->unfinished, &pins->unfinished);
}

/* A pin was queued: what waits for its range, or will, waits for this one too. */
void mdv_gates_pin_queued(struct mdv_pins *pins, const struct mdv_pin *pin)
{
	struct mdv_gate *gate = mdv_gate_tree_iter_first(&pins->gates, pin->first, pin->last);

	for (; gate; gate = mdv_gate_tree_iter_next(gate, pin->first, pin->last))
		if (gate->nr_unmaps || mdv_gate_unfinished_in(gate, pin->first, pin->last))
			gate->target = pins->nr_queued;
}

static void mdv_gate_backoff(struct mdv_gate *gate)
{
	unsigned int doublings = clamp(gate->repeats, 1U, MDV_BACKOFF_DOUBLINGS + 1U) - 1;

	gate->last_at = ktime_get_ns();
	gate->shut_until = gate->last_at + ((u64)MDV_BACKOFF_MS * NSEC_PER_MSEC << doublings);
}

/*
 * A pin is about to be counted as unpinned, which may be the last that a gate was shut for. VFIO
 * may need a while to look for pinned pages again, so the backoff begins anew.
 */
void mdv_gates_pin_unpinned(struct mdv_pins *pins)
{
	struct mdv_gate *gate;

	list_for_each_entry(gate, &pins->unfinished, unfinished)
		if (mdv_gate_pending(pins, gate))
			mdv_gate_backoff(gate);
}

static bool mdv_gate_shut(struct mdv_pins *pins, const struct mdv_gate *gate)
{
	return gate->nr_unmaps || ktime_get_ns() < gate->shut_until ||
	       mdv_gate_pending(pins, gate) || mdv_unmapper_inside(gate->unmapper);
}

static bool mdv_gate_expired(const struct mdv_gate *gate)
{
	return ktime_get_ns() - gate->last_at >= MDV_BACKOFF_RESET_NS;
}

/* It is open, and its counts are of no more use. */
static bool mdv_gate_over(struct mdv_pins *pins, const struct mdv_gate *gate)
{
	return !mdv_gate_shut(pins, gate) && (gate->unmapper || mdv_gate_expired(gate));
}

static void mdv_gate_unlink(struct mdv_pins *pins, struct mdv_gate *gate)
{
	lockdep_assert_held(&pins->lock);
	mdv_gate_tree_remove(gate, &pins->gates);
	list_del(&gate->link);
	list_del(&gate->unfinished);
	put_pid(gate->unmapper);
}

static void mdv_gate_free(struct mdv_pins *pins, struct mdv_gate *gate)
{
	mdv_gate_unlink(pins, gate);
	if (gate >= pins->gates_reserve && gate < pins->gates_reserve + MDV_GATES_RESERVE) {
		list_add(&gate->link, &pins->gates_spare);
	} else {
		pins->nr_gates--;
		kfree(gate);
	}
}

void mdv_gates_init(struct mdv_pins *pins)
{
	unsigned int i;

	pins->gates = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->gates_lru);
	INIT_LIST_HEAD(&pins->unfinished);
	INIT_LIST_HEAD(&pins->gates_spare);
	for (i = 0; i < MDV_GATES_RESERVE; i++)
		list_add(&pins->gates_reserve[i].link, &pins->gates_spare);
}

void mdv_gates_destroy(struct mdv_pins *pins)
{
	struct mdv_gate *gate, *next;

	list_for_each_entry_safe(gate, next, &pins->gates_lru, link)
		mdv_gate_free(pins, gate);
}

/*
 * The device goes from one user to the next. A thread that is inside VFIO will call dma_unmap for
 * the next one too, for what that one has pinned by then: so the gates that are shut stay.
 */
void mdv_gates_free_over(struct mdv_pins *pins)
{
	struct mdv_gate *gate, *next;

	list_for_each_entry_safe(gate, next, &pins->gates_lru, link)
		if (mdv_gate_over(pins, gate))
			mdv_gate_free(pins, gate);
}

/* A few at a time are enough: no dma_unmap call makes more than one. */
static void mdv_gates_sweep(struct mdv_pins *pins)
{
	struct mdv_gate *gate, *next;
	unsigned int looked = 0;

	list_for_each_entry_safe(gate, next, &pins->gates_lru, link) {
		if (looked++ == MDV_GATES_SWEEP)
			break;
		if (mdv_gate_over(pins, gate))
			mdv_gate_free(pins, gate);
		else
			list_move_tail(&gate->link, &pins->gates_lru);
	}
}

bool mdv_range_shut(struct mdv_pins *pins, u64 first, u64 last)
{
	struct mdv_gate *gate = mdv_gate_tree_iter_first(&pins->gates, first, last), *next;

	for (; gate; gate = next) {
		next = mdv_gate_tree_iter_next(gate, first, last);
		if (mdv_gate_shut(pins, gate))
			return true;
		/* It is open, so nothing is left of what a call gave up on. */
		if (mdv_gate_over(pins, gate))
			mdv_gate_free(pins, gate);
		else
			list_del_init(&gate->unfinished);
	}
	return false;
}

/*
 * Is there an unmap whose last call gave up on what is still pinned? When all of that is unpinned
 * and just VFIO's next call is missing, other ranges need not wait for it.
 */
bool mdv_gates_stuck(struct mdv_pins *pins)
{
	const struct mdv_gate *gate;

	list_for_each_entry(gate, &pins->unfinished, unfinished)
		if (!(gate->queued && mdv_unpinned(pins, gate->target)) &&
		    mdv_gate_shut(pins, gate))
			return true;
	return false;
}

static void mdv_gate_grow(struct mdv_pins *pins, struct mdv_gate *gate, u64 first, u64 last)
{
	mdv_gate_tree_remove(gate, &pins->gates);
	gate->first = min(gate->first, first);
	gate->last = max(gate->last, last);
	mdv_gate_tree_insert(gate, &pins->gates);
	gate->merged = true;
	pins->gates_merged++;
}

/* It is more than one thread's now, and none can be seen to leave: so the longest backoff. */
static void mdv_gate_disown(struct mdv_gate *gate)
{
	put_pid(gate->unmapper);
	gate->unmapper = NULL;
	gate->repeats = max(gate->repeats, MDV_BACKOFF_DOUBLINGS + 1U);
	mdv_gate_backoff(gate);
}

/* @gate takes over the range and the counts of @other. Return: @other, which is free now. */
static struct mdv_gate *mdv_gate_absorb(struct mdv_pins *pins, struct mdv_gate *gate,
					struct mdv_gate *other)
{
	bool same = gate->unmapper == other->unmapper;

	mdv_gate_grow(pins, gate, other->first, other->last);
	if ((long)(other->target - gate->target) > 0)
		gate->target = other->target;
	if (mdv_gate_unfinished(other)) {
		gate->queued = other->queued && (!mdv_gate_unfinished(gate) || gate->queued);
		mdv_gate_set_unfinished(pins, gate, other->unfinished_first,
					other->unfinished_last);
	}
	gate->gave_up = max(gate->gave_up, other->gave_up);
	gate->repeats = max(gate->repeats, other->repeats);
	gate->last_at = max(gate->last_at, other->last_at);
	gate->shut_until = max(gate->shut_until, other->shut_until);
	if (!same || !gate->unmapper)
		mdv_gate_disown(gate);
	mdv_gate_unlink(pins, other);
	return other;
}

static u64 mdv_gates_gap(const struct mdv_gate *left, const struct mdv_gate *right)
{
	return right->first > left->last ? right->first - left->last : 0;
}

/*
 * What is lost when two gates become one, the least bad first: nothing; some time, by a backoff
 * that is longer than need be; or the sight of a thread that is inside VFIO.
 */
enum mdv_gates_loss {
	MDV_LOSES_NOTHING,
	MDV_LOSES_BACKOFF,
	MDV_LOSES_UNMAPPER,
};

static enum mdv_gates_loss mdv_gates_loss(const struct mdv_gate *left, const struct mdv_gate *right)
{
	if (left->unmapper && left->unmapper == right->unmapper)
		return MDV_LOSES_NOTHING;
	if (mdv_unmapper_inside(left->unmapper) || mdv_unmapper_inside(right->unmapper))
		return MDV_LOSES_UNMAPPER;
	return MDV_LOSES_BACKOFF;
}

struct mdv_gates_pair {
	struct mdv_gate *left;
	struct mdv_gate *right;
	enum mdv_gates_loss loss;
	u64 gap;
};

static bool mdv_pair_is_better(const struct mdv_gates_pair *a, const struct mdv_gates_pair *b)
{
	return !b->left || a->loss < b->loss || (a->loss == b->loss && a->gap < b->gap);
}

/*
 * Makes one gate of two neighbours: of the pairs that lose least, the one with the smallest gap. A
 * gate of a call that is under way is the one that stays. Return: the other, or NULL.
 */
static struct mdv_gate *mdv_gates_merge(struct mdv_pins *pins)
{
	struct mdv_gate *gate = mdv_gate_tree_iter_first(&pins->gates, 0, U64_MAX), *before = NULL;
	struct mdv_gates_pair best = { }, pair;

	for (; gate; gate = mdv_gate_tree_iter_next(gate, 0, U64_MAX)) {
		if (before && !(before->nr_unmaps && gate->nr_unmaps)) {
			pair = (struct mdv_gates_pair){ before, gate, mdv_gates_loss(before, gate),
							mdv_gates_gap(before, gate) };
			if (mdv_pair_is_better(&pair, &best))
				best = pair;
		}
		/* Neighbour of the next one is the one that reaches farthest so far. */
		if (!before || gate->last > before->last)
			before = gate;
	}
	if (!best.left)
		return NULL;
	if (best.right->nr_unmaps)
		return mdv_gate_absorb(pins, best.right, best.left);
	return mdv_gate_absorb(pins, best.left, best.right);
}

static struct mdv_gate *mdv_gate_from_reserve(struct mdv_pins *pins)
{
	struct mdv_gate *gate = list_first_entry_or_null(&pins->gates_spare, struct mdv_gate, link);

	if (gate)
		list_del(&gate->link);
	return gate;
}

/* Charged to nobody, so that it works for a user at his limit too; MDV_GATES_MAX is the limit. */
static struct mdv_gate *mdv_gate_from_memory(struct mdv_pins *pins)
{
	struct mdv_gate *gate = NULL;

	if (pins->nr_gates < MDV_GATES_MAX)
		gate = kmalloc(sizeof(*gate), GFP_NOWAIT | __GFP_NOWARN);
	if (gate)
		pins->nr_gates++;
	return gate;
}

/* An unmap must not fail for want of memory. Return: one that is all zero, or NULL. */
static struct mdv_gate *mdv_gate_alloc(struct mdv_pins *pins)
{
	struct mdv_gate *gate;

	gate = mdv_gate_from_memory(pins) ?: mdv_gate_from_reserve(pins) ?: mdv_gates_merge(pins);
	if (gate)
		memset(gate, 0, sizeof(*gate));
	return gate;
}

static struct mdv_gate *mdv_gate_new(struct mdv_pins *pins, u64 first, u64 last,
				     struct pid *unmapper)
{
	struct mdv_gate *gate = mdv_gate_alloc(pins);

	if (!gate) {
		/* None could be merged: each is in use by a call under way, so there is one. */
		gate = list_first_entry(&pins->gates_lru, struct mdv_gate, link);
		mdv_gate_grow(pins, gate, first, last);
		mdv_gate_disown(gate);
		return gate;
	}
	gate->first = first;
	gate->last = last;
	gate->unmapper = get_pid(unmapper);
	INIT_LIST_HEAD(&gate->unfinished);
	list_add_tail(&gate->link, &pins->gates_lru);
	mdv_gate_tree_insert(gate, &pins->gates);
	return gate;
}

/*
 * The gate of this thread for exactly this range; else a merged one that covers it and is no other
 * thread's; else NULL.
 */
static struct mdv_gate *mdv_gate_find(struct mdv_pins *pins, u64 first, u64 last,
				      const struct pid *unmapper)
{
	struct mdv_gate *gate, *merged = NULL;

	for (gate = mdv_gate_tree_iter_first(&pins->gates, first, last); gate;
	     gate = mdv_gate_tree_iter_next(gate, first, last)) {
		if (gate->unmapper && gate->unmapper != unmapper)
			continue;
		if (gate->merged && gate->first <= first && last <= gate->last)
			merged = gate;
		else if (gate->first == first && gate->last == last && gate->unmapper == unmapper)
			return gate;
	}
	return merged;
}

static void mdv_gate_set_finished(struct mdv_gate *gate)
{
	gate->gave_up = 0;
	list_del_init(&gate->unfinished);
}

/* Another dma_unmap call for the range. Return: the most calls in a row of any gate there. */
static unsigned int mdv_gates_count(struct mdv_pins *pins, u64 first, u64 last)
{
	struct mdv_gate *gate = mdv_gate_tree_iter_first(&pins->gates, first, last), *next;
	unsigned int most = 1;

	for (; gate; gate = next) {
		next = mdv_gate_tree_iter_next(gate, first, last);
		if (mdv_gate_over(pins, gate)) {
			mdv_gate_free(pins, gate);
			continue;
		}
		gate->repeats++;
		most = max(most, gate->repeats);
	}
	return most;
}

/* Is it of an earlier unmap of the same thread? Then this one's count begins anew. */
static bool mdv_gate_stale(const struct mdv_gate *gate, bool again)
{
	if (!again)
		return gate->unmapper;
	return !gate->merged && !gate->gave_up && mdv_gate_expired(gate);
}

void mdv_unmap_begin(struct mdv_pins *pins, struct mdv_unmap *unmap)
{
	const u64 first = unmap->first, last = unmap->last;
	struct mdv_gate *gate;
	struct pid *unmapper;
	unsigned int repeats;
	bool again;

	unmapper = mdv_unmapper_mark(&again);
	spin_lock(&pins->lock);
	gate = mdv_gate_find(pins, first, last, unmapper);
	if (gate && mdv_gate_stale(gate, again)) {
		mdv_gate_free(pins, gate);
		gate = NULL;
	}
	if (gate)
		gate->nr_unmaps++;
	mdv_gates_sweep(pins);
	repeats = mdv_gates_count(pins, first, last);
	if (!gate) {
		gate = mdv_gate_new(pins, first, last, unmapper);
		gate->repeats = max(gate->repeats, repeats);
		gate->nr_unmaps++;
	}
	unmap->gate = gate;
	spin_unlock(&pins->lock);
}

/* What another call gave up on, for a range beside this one, is not done by this one. */
static void mdv_unmap_count(struct mdv_pins *pins, const struct mdv_unmap *unmap, bool queued,
			    unsigned long target)
{
	struct mdv_gate *gate = unmap->gate;
	bool beside = mdv_gate_unfinished(gate) &&
		      !mdv_gate_unfinished_in(gate, unmap->first, unmap->last);

	gate->queued = queued && (!beside || gate->queued);
	if (!queued || !mdv_unpinned(pins, target)) {
		gate->gave_up++;
		mdv_gate_set_unfinished(pins, gate, unmap->first, unmap->last);
	} else if (!beside) {
		mdv_gate_set_finished(gate);
	}
}

/* @queued: all pins of the range are queued, and are unpinned when the worker reaches @target. */
void mdv_unmap_end(struct mdv_pins *pins, struct mdv_unmap *unmap, bool queued,
		   unsigned long target)
{
	struct mdv_gate *gate = unmap->gate, *other;

	spin_lock(&pins->lock);
	other = mdv_gate_tree_iter_first(&pins->gates, gate->first, gate->last);
	for (; other; other = mdv_gate_tree_iter_next(other, gate->first, gate->last))
		mdv_gate_backoff(other);
	/* It is further than that if a pin came back meanwhile and was queued. */
	if ((long)(target - gate->target) > 0)
		gate->target = target;
	mdv_unmap_count(pins, unmap, queued, target);
	gate->nr_unmaps--;
	spin_unlock(&pins->lock);
}

/*
 * The device was closed and has no pin any more, nor will it have one in a gate whose thread can be
 * seen: so what the last user's calls gave up on is done, and does not count for the next user. A
 * gate without a thread keeps its count until the backoff ends it.
 */
void mdv_gates_set_finished(struct mdv_pins *pins)
{
	struct mdv_gate *gate;

	list_for_each_entry(gate, &pins->gates_lru, link)
		if (gate->unmapper && !gate->nr_unmaps)
			mdv_gate_set_finished(gate);
}

unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);

	return b ? READ_ONCE(b->pins.gates_merged) : 0;
}
EXPORT_SYMBOL_GPL(mdk_mdev_gates_merged);
