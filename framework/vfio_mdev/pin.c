// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinning, and the answer to an unmap (design.md, "Unmap").
 *
 * VFIO's type1 calls dma_unmap with a list lock held that others take under type1's own lock, the
 * one vfio_unpin_pages() wants: unpinning in there deadlocks. So nothing in this file unpins
 * outside the worker, and dma_unmap only waits while the worker gets on.
 *
 * One call of UNMAP_DMA asks at most eleven times about a mapping that has pinned pages, and what
 * it would ask a twelfth time stops the host (BUG_ON). It asks again for one of two reasons:
 *
 * 1. A notice gave up, because the driver said "not yet" or the worker did not come to its lock.
 *    The gate counts that (@gave_up): after MDK_STOP_TRIES the driver is not believed any more,
 *    and after MDK_PATIENT_TRIES, which is less than eleven, a notice waits for its end. The
 *    count lives as long as anything of the range is pinned, being pinned, or the worker's.
 * 2. Somebody pinned a page of the mapping after all was released and before VFIO had looked. Such
 *    a page need not be one that was pinned before. So a gate stays shut, for every page of it
 *    and no other, until the thread that asked has left VFIO: it cannot ask in between. What lands
 *    while it is shut goes to the worker, which the next notice waits for. It is so whoever
 *    has the device open, or nobody: the thread that asks is the same.
 *
 * That a thread has left VFIO is seen by a flag that the kernel clears on its way to user space
 * (mdk_asker_inside()). Where it cannot be seen, a pause stands in for it: 5 ms after the first
 * notice, doubled with each that overlaps the range, 640 ms from the eighth, forgotten after a
 * second without one. Who wants to use up the questions then has to keep the thread from VFIO's
 * lock eleven times, from the end of a notice to the end of its pause, and each time let a pin have
 * the lock before it. The pause comes in any case.
 */
#include <linux/interval_tree_generic.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "bridge.h"

/* A notice gives up after this long without progress, doubled with each one in a row that did. */
#define MDK_UNMAP_PATIENCE_MS 20

/* After so many notices in a row that gave up, the next waits for its end. */
#define MDK_PATIENT_TRIES 9

/* Notices in a row of which a quiesce op may say "not yet"; VFIO asks eleven times at most. */
#define MDK_STOP_TRIES 7

/* A gate's pause after the first notice, and how often it is doubled at most. */
#define MDK_PAUSE_MS 5
#define MDK_PAUSE_DOUBLINGS 7

/* Without a notice for so long its count is forgotten. */
#define MDK_PAUSE_MEMORY_NS NSEC_PER_SEC

/* So many of the gates that are there does a notice look at, whether they can go. */
#define MDK_GATES_SWEEP 4

static u64 mdk_pin_first(const struct mdk_pin *pin)
{
	return pin->first;
}

static u64 mdk_pin_last(const struct mdk_pin *pin)
{
	return pin->last;
}

INTERVAL_TREE_DEFINE(struct mdk_pin, node, u64, subtree_last, mdk_pin_first, mdk_pin_last,
		     static, mdk_pin_tree)

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

/* Unpinning frees memory for somebody, so it must go on without allocating any. */
static struct workqueue_struct *mdk_unpin_wq;

struct mdk_bridge *mdk_bridge_of(struct mdev_device *mdev)
{
	return dev_get_drvdata(mdk_mdev_of(mdev)->dev);
}

static bool mdk_released(struct mdk_pins *pins, unsigned long target)
{
	return (long)(READ_ONCE(pins->nr_released) - target) >= 0;
}

static bool mdk_range_flying(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_pin *pin;

	lockdep_assert_held(&pins->lock);
	list_for_each_entry(pin, &pins->flying, link)
		if (pin->first <= last && first <= pin->last)
			return true;
	return false;
}

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
				       mdk_pin_tree_iter_first(&pins->tree, first, last));
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
static void mdk_gates_await(struct mdk_pins *pins, const struct mdk_pin *pin)
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
static void mdk_gates_extend(struct mdk_pins *pins)
{
	struct mdk_gate *gate;

	list_for_each_entry(gate, &pins->late, late)
		if (mdk_gate_pending(pins, gate))
			mdk_gate_pause(gate);
}

/* The pin leaves the tree, or never entered it; its pages go as soon as the worker runs. */
static void mdk_pin_condemn(struct mdk_pins *pins, struct mdk_pin *pin)
{
	lockdep_assert_held(&pins->lock);
	list_add_tail(&pin->link, &pins->condemned);
	pins->nr_condemned++;
	mdk_gates_await(pins, pin);
	queue_work(mdk_unpin_wq, &pins->work);
}

static void mdk_pins_condemn_range(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_pin *pin;

	while ((pin = mdk_pin_tree_iter_first(&pins->tree, first, last))) {
		mdk_pin_tree_remove(pin, &pins->tree);
		mdk_pin_condemn(pins, pin);
	}
}

static struct mdk_pin *mdk_pins_next_condemned(struct mdk_pins *pins)
{
	struct mdk_pin *pin;

	spin_lock(&pins->lock);
	pin = list_first_entry_or_null(&pins->condemned, struct mdk_pin, link);
	if (pin)
		list_del(&pin->link);
	spin_unlock(&pins->lock);
	return pin;
}

static void mdk_unpin_work(struct work_struct *work)
{
	struct mdk_pins *pins = container_of(work, struct mdk_pins, work);
	struct mdk_bridge *b = container_of(pins, struct mdk_bridge, pins);
	struct mdk_pin *pin;

	while ((pin = mdk_pins_next_condemned(pins))) {
		vfio_unpin_pages(&b->vdev, pin->first, pin->npage);
		kfree(pin);
		spin_lock(&pins->lock);
		mdk_gates_extend(pins);
		pins->nr_released++;
		wake_up_all(&pins->settled);
		spin_unlock(&pins->lock);
	}
}

void mdk_pins_init(struct mdk_pins *pins)
{
	unsigned int i;

	spin_lock_init(&pins->lock);
	pins->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->flying);
	INIT_LIST_HEAD(&pins->condemned);
	pins->gates = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->recent);
	INIT_LIST_HEAD(&pins->late);
	INIT_LIST_HEAD(&pins->spare);
	for (i = 0; i < MDK_GATES_RESERVE; i++)
		list_add(&pins->reserve[i].link, &pins->spare);
	mutex_init(&pins->stop_lock);
	init_waitqueue_head(&pins->settled);
	INIT_WORK(&pins->work, mdk_unpin_work);
}

/* Waits for a notifier that runs; after it none is called. */
void mdk_pins_end(struct mdk_pins *pins)
{
	mutex_lock(&pins->stop_lock);
	spin_lock(&pins->lock);
	pins->live = false;
	pins->closing = true;
	spin_unlock(&pins->lock);
	mutex_unlock(&pins->stop_lock);
}

/* Who asks */

/*
 * VFIO gives no sign when it is done with an unmap. But that is a system call, and when a thread
 * goes back to user space the kernel clears its TIF_NOTIFY_RESUME, after it has looked for work
 * that would be due there. So we set it, and nothing in VFIO clears it.
 *
 * Others set it too, above all the scheduler whenever a thread with restartable sequences sleeps or
 * is preempted; then we believe for longer that the thread is inside. But not of one that sleeps
 * where a signal wakes it, or is stopped: VFIO's unmap waits for locks, and sleeps otherwise (a
 * fault of its bitmap) only while it has the lock that a pin needs. Nor of one that calls us. What
 * a driver's callback does is no sleep of VFIO's: so a thread that asks any device is inside.
 *
 * @again: the flag was set already, so that the thread may not have been there since it asked last
 *
 * Return: the thread; NULL for one that does not go back to user space.
 */
static struct pid *mdk_asker_mark(bool *again)
{
	*again = true;
	if (current->flags & (PF_KTHREAD | PF_IO_WORKER | PF_EXITING))
		return NULL;
	*again = test_and_set_tsk_thread_flag(current, TIF_NOTIFY_RESUME);
	return task_pid(current);
}

static bool mdk_task_inside(struct task_struct *task)
{
	/* The freezer wakes none of VFIO's sleepers: it stops who is on his way to user space. */
	const unsigned int outside = TASK_INTERRUPTIBLE | __TASK_STOPPED | __TASK_TRACED |
				     TASK_FROZEN;

	return !(READ_ONCE(task->flags) & PF_EXITING) && !(READ_ONCE(task->__state) & outside) &&
	       test_tsk_thread_flag(task, TIF_NOTIFY_RESUME);
}

/* The notices under way, of all devices. */
static LIST_HEAD(mdk_notices);
static DEFINE_SPINLOCK(mdk_notices_lock);

static void mdk_notice_list(struct mdk_notice *notice)
{
	notice->thread = task_pid(current);
	spin_lock(&mdk_notices_lock);
	list_add(&notice->link, &mdk_notices);
	spin_unlock(&mdk_notices_lock);
}

static void mdk_notice_unlist(struct mdk_notice *notice)
{
	spin_lock(&mdk_notices_lock);
	list_del(&notice->link);
	spin_unlock(&mdk_notices_lock);
}

static bool mdk_asker_listed(const struct pid *asker)
{
	const struct mdk_notice *notice;
	bool listed = false;

	spin_lock(&mdk_notices_lock);
	list_for_each_entry(notice, &mdk_notices, link)
		listed |= notice->thread == asker;
	spin_unlock(&mdk_notices_lock);
	return listed;
}

/* What the caller itself has asked about, but for its notice under way, it is done with. */
static bool mdk_asker_inside(struct pid *asker)
{
	struct task_struct *task;
	bool inside;

	if (!asker || asker == task_pid(current))
		return false;
	if (mdk_asker_listed(asker))
		return true;
	rcu_read_lock();
	task = pid_task(asker, PIDTYPE_PID);
	inside = task && mdk_task_inside(task);
	rcu_read_unlock();
	return inside;
}

/* Gates */

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

static void mdk_gate_free(struct mdk_pins *pins, struct mdk_gate *gate)
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
static void mdk_gates_free_over(struct mdk_pins *pins)
{
	struct mdk_gate *gate, *next;

	list_for_each_entry_safe(gate, next, &pins->recent, link)
		if (mdk_gate_over(pins, gate))
			mdk_gate_free(pins, gate);
}

void mdk_pins_begin(struct mdk_pins *pins)
{
	spin_lock(&pins->lock);
	mdk_gates_free_over(pins);
	pins->live = true;
	spin_unlock(&pins->lock);
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

static bool mdk_range_shut(struct mdk_pins *pins, u64 first, u64 last)
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
static bool mdk_gates_stuck(struct mdk_pins *pins)
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

static void mdk_notice_begin(struct mdk_pins *pins, struct mdk_notice *notice)
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
static void mdk_notice_end(struct mdk_pins *pins, struct mdk_notice *notice, bool condemned,
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

static bool mdk_pins_all_released(struct mdk_pins *pins)
{
	bool done;

	spin_lock(&pins->lock);
	done = !pins->calls && pins->nr_released == pins->nr_condemned;
	spin_unlock(&pins->lock);
	return done;
}

/*
 * Nothing of the device is pinned any more, nor will it be in a gate whose asker is inside: how
 * often the user who leaves let a thread wait is nothing to the next. Without an asker it counts
 * on, until it is long ago.
 */
static void mdk_gates_forgive(struct mdk_pins *pins)
{
	struct mdk_gate *gate;

	list_for_each_entry(gate, &pins->recent, link)
		if (gate->asker && !gate->noticing)
			mdk_gate_forgive(gate);
}

/* After mdk_pins_end(). No lock of VFIO that the worker takes is held by a close. */
void mdk_pins_drain(struct mdk_bridge *b)
{
	struct mdk_pins *pins = &b->pins;

	spin_lock(&pins->lock);
	pins->closing = false;
	wake_up_all(&pins->settled);
	mdk_pins_condemn_range(pins, 0, U64_MAX);
	spin_unlock(&pins->lock);

	wait_event(pins->settled, mdk_pins_all_released(pins));
	flush_work(&pins->work);

	spin_lock(&pins->lock);
	mdk_gates_free_over(pins);
	mdk_gates_forgive(pins);
	spin_unlock(&pins->lock);
}

/* VFIO has dropped its last reference: there are no notices any more. */
void mdk_pins_destroy(struct mdk_pins *pins)
{
	struct mdk_gate *gate, *next;

	spin_lock(&pins->lock);
	list_for_each_entry_safe(gate, next, &pins->recent, link)
		mdk_gate_free(pins, gate);
	spin_unlock(&pins->lock);
}

/* Unmap */

/* Return: false if the driver wants to be asked again. @gave_up: how often it was already. */
static bool mdk_driver_stops(struct mdk_bridge *b, u64 iova, u64 size, unsigned int gave_up)
{
	struct mdev_device *mdev = &b->mdev->base;
	int ret = 0;

	if (b->ops->notifier)
		b->ops->notifier(mdev, iova, size);
	if (b->ops->quiesce)
		ret = b->ops->quiesce(mdev, iova, size);
	if (ret == -EAGAIN && gave_up < MDK_STOP_TRIES)
		return false;
	if (ret)
		b->ops->reset(mdev);
	return true;
}

/*
 * Whoever keeps type1's lock from the worker (a copy or a bitmap that faults for as long as its
 * user likes) must not bring VFIO past its last question: then better the container's own tasks
 * wait, for ever if they will it so, than that the host stops.
 */
static unsigned long mdk_unmap_patience(unsigned int gave_up)
{
	if (gave_up >= MDK_PATIENT_TRIES)
		return MAX_SCHEDULE_TIMEOUT;
	return msecs_to_jiffies(MDK_UNMAP_PATIENCE_MS << gave_up);
}

static bool mdk_pins_closed(struct mdk_pins *pins)
{
	bool closed;

	spin_lock(&pins->lock);
	closed = !pins->closing;
	spin_unlock(&pins->lock);
	return closed;
}

/*
 * The last descriptor of the device may be closing. Its driver is not asked any more, and the DMA
 * has stopped when its release has returned: until then the pages are in use.
 */
static bool mdk_stop_dma(struct mdk_bridge *b, u64 iova, u64 size, unsigned int gave_up)
{
	bool stopped = true;

	mutex_lock(&b->pins.stop_lock);
	if (b->pins.live)
		stopped = mdk_driver_stops(b, iova, size, gave_up);
	mutex_unlock(&b->pins.stop_lock);
	return stopped && wait_event_timeout(b->pins.settled, mdk_pins_closed(&b->pins),
					     mdk_unmap_patience(gave_up));
}

/* Pin calls that began before the gate closed; they condemn themselves when they come back. */
static bool mdk_range_landed(struct mdk_pins *pins, u64 first, u64 last)
{
	bool landed;

	spin_lock(&pins->lock);
	landed = !mdk_range_flying(pins, first, last);
	spin_unlock(&pins->lock);
	return landed;
}

static unsigned long mdk_nr_condemned(struct mdk_pins *pins)
{
	unsigned long nr;

	spin_lock(&pins->lock);
	nr = pins->nr_condemned;
	spin_unlock(&pins->lock);
	return nr;
}

/* Condemns what is left of the range. Return: how far the worker must come to have it released. */
static unsigned long mdk_range_condemn(struct mdk_pins *pins, u64 first, u64 last)
{
	unsigned long target;

	spin_lock(&pins->lock);
	mdk_pins_condemn_range(pins, first, last);
	target = pins->nr_condemned;
	spin_unlock(&pins->lock);
	return target;
}

/* Waits as long as the worker comes nearer to @target within the patience of each step. */
static void mdk_wait_released(struct mdk_pins *pins, unsigned long target, unsigned long patience)
{
	unsigned long seen;

	do {
		seen = READ_ONCE(pins->nr_released);
	} while (!mdk_released(pins, target) &&
		 wait_event_timeout(pins->settled, READ_ONCE(pins->nr_released) != seen, patience));
}

/* As mdk_notice_end() wants it. Return: how far the worker must come. */
static unsigned long mdk_notice_answer(struct mdk_bridge *b, const struct mdk_notice *notice,
				       u64 size, bool *condemned)
{
	const unsigned int gave_up = READ_ONCE(notice->gate->gave_up);
	const unsigned long patience = mdk_unmap_patience(gave_up);
	const u64 first = notice->first, last = notice->last;
	struct mdk_pins *pins = &b->pins;
	unsigned long target;

	*condemned = false;
	if (!mdk_stop_dma(b, first, size, gave_up))
		return mdk_nr_condemned(pins);
	mdk_range_condemn(pins, first, last);
	*condemned = wait_event_timeout(pins->settled, mdk_range_landed(pins, first, last),
					patience);
	target = mdk_range_condemn(pins, first, last);
	mdk_wait_released(pins, target, patience);
	return target;
}

/**
 * mdk_bridge_dma_unmap() - user space unmaps guest memory
 * @vdev: the device
 * @iova: first byte
 * @length: bytes; may be ~0 from a detach, which names everything
 *
 * Context: process, under VFIO's device list lock.
 * Guarantees: when it returns, the driver was told, no pin of the range is left in our books, and
 * either its pages are released or the worker is on them and VFIO will ask again. Or the driver
 * said "not yet": then nothing is released, because it may be in use, and VFIO will ask again.
 */
void mdk_bridge_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct mdk_bridge *b = to_mdk_bridge(vdev);
	struct mdk_notice notice = { .first = iova };
	struct mdk_pins *pins = &b->pins;
	unsigned long target;
	bool condemned;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	notice.last = last;
	mdk_notice_list(&notice);
	mdk_notice_begin(pins, &notice);
	target = mdk_notice_answer(b, &notice, length, &condemned);
	mdk_notice_end(pins, &notice, condemned, target);
	mdk_notice_unlist(&notice);
}

/* Pin */

static int mdk_pin_check(struct mdk_bridge *b, u64 iova, int npage, u64 *last)
{
	if (npage <= 0 || !PAGE_ALIGNED(iova))
		return -EINVAL;
	if (npage > MDEV_PIN_PAGES_MAX)
		return -E2BIG;
	if (check_add_overflow(iova, ((u64)npage << PAGE_SHIFT) - 1, last))
		return -EINVAL;
	/* v11: without a notifier nobody could answer the unmap. */
	if (!b->ops->notifier && !b->ops->quiesce)
		return -EINVAL;
	return 0;
}

static int mdk_not_live_errno(struct mdk_bridge *b)
{
	/* Open but not yet touched: the caller may try again; closed: it may not. */
	return READ_ONCE(b->mdev->opens) ? -EAGAIN : -ENODEV;
}

/*
 * A call into VFIO begins. @pin: what it will pin, NULL for a copy. A copy leaves nothing behind
 * that an unmap could meet, so no gate stops it: VFIO's own lock orders the two. But while an
 * unmap does not get on, nobody may queue at that lock: a callback that waits there holds what a
 * reset needs.
 */
int mdk_call_enter(struct mdk_bridge *b, struct mdk_pin *pin)
{
	struct mdk_pins *pins = &b->pins;
	int ret = 0;

	spin_lock(&pins->lock);
	if (!pins->live)
		ret = mdk_not_live_errno(b);
	else if (mdk_gates_stuck(pins) || (pin && mdk_range_shut(pins, pin->first, pin->last)))
		ret = -EAGAIN;
	else
		pins->calls++;
	if (!ret && pin)
		list_add(&pin->link, &pins->flying);
	spin_unlock(&pins->lock);
	return ret;
}

void mdk_call_leave(struct mdk_pins *pins)
{
	lockdep_assert_held(&pins->lock);
	pins->calls--;
	wake_up_all(&pins->settled);
}

/*
 * Back from VFIO with @got pages or an error; @pin is the caller's no more. Return: @got, if all of
 * it stays, as @wanted; -EAGAIN, if what was pinned goes to the worker; else the error.
 */
int mdk_pin_leave(struct mdk_bridge *b, struct mdk_pin *pin, int got, bool wanted)
{
	struct mdk_pins *pins = &b->pins;
	bool shut;

	lockdep_assert_held(&pins->lock);
	/* While it is on the list an unmap that gave up on it keeps its gate shut. */
	shut = mdk_range_shut(pins, pin->first, pin->last);
	list_del(&pin->link);
	if (wanted && got == pin->npage && pins->live && !shut) {
		mdk_pin_tree_insert(pin, &pins->tree);
	} else if (got > 0) {
		pin->npage = got;
		mdk_pin_condemn(pins, pin);
		got = -EAGAIN;
	} else {
		kfree(pin);
	}
	mdk_call_leave(pins);
	return got;
}

/* Return: a pin on its way into VFIO, or an errno. */
struct mdk_pin *mdk_pin_begin(struct mdk_bridge *b, u64 iova, int npage, int prot,
			      struct page **pages)
{
	struct mdk_pin *pin;
	u64 last;
	int ret;

	if (!b)
		return ERR_PTR(-ENODEV);
	if (!pages || !(prot & (IOMMU_READ | IOMMU_WRITE)))
		return ERR_PTR(-EINVAL);
	ret = mdk_pin_check(b, iova, npage, &last);
	if (ret)
		return ERR_PTR(ret);
	pin = kzalloc(sizeof(*pin), GFP_KERNEL);
	if (!pin)
		return ERR_PTR(-ENOMEM);
	pin->first = iova;
	pin->last = last;
	pin->npage = npage;

	ret = mdk_call_enter(b, pin);
	if (!ret)
		return pin;
	kfree(pin);
	return ERR_PTR(ret);
}

int mdk_mdev_pin_pages(struct mdev_device *mdev, u64 iova, int npage, int prot,
		       struct page **pages)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	struct mdk_pin *pin = mdk_pin_begin(b, iova, npage, prot, pages);
	int ret;

	if (IS_ERR(pin))
		return PTR_ERR(pin);
	ret = vfio_pin_pages(&b->vdev, iova, npage, prot, pages);
	spin_lock(&b->pins.lock);
	ret = mdk_pin_leave(b, pin, ret, true);
	spin_unlock(&b->pins.lock);
	if (ret != npage)
		memset(pages, 0, npage * sizeof(*pages));
	return ret;
}

int mdk_mdev_unpin_pages(struct mdev_device *mdev, u64 iova, int npage)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	struct mdk_pin *pin;
	struct mdk_pins *pins;
	u64 last;
	int ret;

	if (!b)
		return -ENODEV;
	ret = mdk_pin_check(b, iova, npage, &last);
	if (ret)
		return ret;

	pins = &b->pins;
	spin_lock(&pins->lock);
	pin = mdk_pin_tree_iter_first(&pins->tree, iova, last);
	while (pin && (pin->first != iova || pin->last != last))
		pin = mdk_pin_tree_iter_next(pin, iova, last);
	if (pin) {
		mdk_pin_tree_remove(pin, &pins->tree);
		mdk_pin_condemn(pins, pin);
	}
	spin_unlock(&pins->lock);
	return pin ? npage : -EINVAL;
}

/* Return: 0: a copy may ask to go into VFIO. */
int mdk_copy_check(struct mdk_bridge *b, u64 iova, const void *data, size_t len)
{
	u64 last;

	if (!b)
		return -ENODEV;
	if (!data || !len || check_add_overflow(iova, (u64)len - 1, &last))
		return -EINVAL;
	return 0;
}

/* vfio_dma_rw() holds VFIO's lock while it copies, so the range cannot go meanwhile. */
int mdk_mdev_dma_rw(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	int ret = mdk_copy_check(b, iova, data, len) ?: mdk_call_enter(b, NULL);

	if (ret)
		return ret;
	ret = vfio_dma_rw(&b->vdev, iova, data, len, write);

	spin_lock(&b->pins.lock);
	mdk_call_leave(&b->pins);
	spin_unlock(&b->pins.lock);
	return ret < 0 ? ret : 0;
}

unsigned long mdk_mdev_gates_merged(struct mdev_device *mdev)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);

	return b ? READ_ONCE(b->pins.gates_merged) : 0;
}
EXPORT_SYMBOL_GPL(mdk_mdev_gates_merged);

int mdk_pins_module_init(void)
{
	mdk_unpin_wq = alloc_workqueue("mdk-unpin", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return mdk_unpin_wq ? 0 : -ENOMEM;
}

void mdk_pins_module_exit(void)
{
	destroy_workqueue(mdk_unpin_wq);
}
