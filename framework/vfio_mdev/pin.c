// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinning, and the answer to an unmap (design.md, "Unmap").
 *
 * VFIO's type1 calls dma_unmap with a list lock held that others take under type1's own lock, the
 * one vfio_unpin_pages() wants: unpinning in there deadlocks. It also asks at most ten more times
 * before it stops the host. So nothing in this file unpins outside the worker, dma_unmap only
 * waits while the worker gets on, and what is being unmapped cannot be pinned again meanwhile.
 */
#include <linux/interval_tree_generic.h>
#include <linux/iommu.h>
#include <linux/slab.h>

#include "bridge.h"

/* A notice gives up after this long without progress, doubled with each one in a row that did. */
#define MDK_UNMAP_PATIENCE_MS 20

/* After so many notices in a row that gave up, the next waits for its end. */
#define MDK_PATIENT_TRIES 9

/* Notices in a row of which a quiesce op may say "not yet"; VFIO asks eleven times at most. */
#define MDK_STOP_TRIES 7

/*
 * A gate opens this long after the last notice for its range, and after the release of what that
 * one gave up on. VFIO gives no sign when it is done, and its user decides how long it takes to its
 * next question: a copy that faults under VFIO's lock takes as long as he likes.
 */
#define MDK_GATE_MS 500

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

/* Unpinning frees memory for somebody, so it must go on without allocating any. */
static struct workqueue_struct *mdk_unpin_wq;

struct mdk_bridge *mdk_bridge_of(struct mdev_device *mdev)
{
	return dev_get_drvdata(mdk_mdev_of(mdev)->dev);
}

static bool mdk_gate_overlaps(const struct mdk_gate *gate, u64 first, u64 last)
{
	return first <= gate->last && gate->first <= last;
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

/*
 * Is what the last notice gave up on still there? Then VFIO asks again, however late, and how often
 * it has asked must not be forgotten: it stops the host after the eleventh.
 */
static bool mdk_gate_pending(struct mdk_pins *pins, const struct mdk_gate *gate)
{
	return gate->gave_up && (!mdk_released(pins, gate->target) ||
				 mdk_range_flying(pins, gate->first, gate->last) ||
				 mdk_pin_tree_iter_first(&pins->tree, gate->first, gate->last));
}

/* A pin of a range that an unmap waits for goes to the worker, newly condemned. */
static void mdk_gates_await(struct mdk_pins *pins, const struct mdk_pin *pin)
{
	unsigned int i;

	for (i = 0; i < pins->nr_gates; i++)
		if (mdk_gate_overlaps(&pins->gates[i], pin->first, pin->last))
			pins->gates[i].target = pins->nr_condemned;
}

/* Before a release is counted: VFIO may not look at once at what it was waiting for. */
static void mdk_gates_extend(struct mdk_pins *pins)
{
	unsigned int i;

	for (i = 0; i < pins->nr_gates; i++)
		if (mdk_gate_pending(pins, &pins->gates[i]))
			pins->gates[i].until = jiffies + msecs_to_jiffies(MDK_GATE_MS);
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
	spin_lock_init(&pins->lock);
	pins->tree = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&pins->flying);
	INIT_LIST_HEAD(&pins->condemned);
	mutex_init(&pins->stop_lock);
	init_waitqueue_head(&pins->settled);
	INIT_WORK(&pins->work, mdk_unpin_work);
}

void mdk_pins_begin(struct mdk_pins *pins)
{
	spin_lock(&pins->lock);
	pins->live = true;
	spin_unlock(&pins->lock);
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

static bool mdk_pins_all_released(struct mdk_pins *pins)
{
	bool done;

	spin_lock(&pins->lock);
	done = !pins->calls && pins->nr_released == pins->nr_condemned;
	spin_unlock(&pins->lock);
	return done;
}

/* After mdk_pins_end(). No lock of VFIO that the worker takes is held by a close. */
void mdk_pins_drain(struct mdk_bridge *b)
{
	struct mdk_pins *pins = &b->pins;

	spin_lock(&pins->lock);
	pins->closing = false;
	wake_up_all(&pins->settled);
	mdk_pins_condemn_range(pins, 0, U64_MAX);
	pins->nr_gates = 0;
	spin_unlock(&pins->lock);

	wait_event(pins->settled, mdk_pins_all_released(pins));
	flush_work(&pins->work);
}

/* Gates */

static void mdk_gates_expire(struct mdk_pins *pins)
{
	unsigned int i = 0;

	while (!pins->noticing && i < pins->nr_gates) {
		if (time_before(jiffies, pins->gates[i].until) ||
		    mdk_gate_pending(pins, &pins->gates[i]))
			i++;
		else
			pins->gates[i] = pins->gates[--pins->nr_gates];
	}
}

static bool mdk_gate_shut(struct mdk_pins *pins, u64 first, u64 last)
{
	unsigned int i;

	mdk_gates_expire(pins);
	for (i = 0; i < pins->nr_gates; i++)
		if (mdk_gate_overlaps(&pins->gates[i], first, last))
			return true;
	return false;
}

/*
 * Is there an unmap whose last notice gave up, and what it gave up on is still there? Once the
 * worker came so far that only VFIO's next question is missing, other ranges need not wait for it.
 */
static bool mdk_gates_stuck(struct mdk_pins *pins)
{
	const struct mdk_gate *gate;
	unsigned int i;

	mdk_gates_expire(pins);
	for (i = 0; i < pins->nr_gates; i++) {
		gate = &pins->gates[i];
		if (gate->gave_up && !(gate->condemned && mdk_released(pins, gate->target)))
			return true;
	}
	return false;
}

/* The gate of exactly this range; else a new one; without room the last one grows over it. */
static struct mdk_gate *mdk_gate_find(struct mdk_pins *pins, u64 first, u64 last)
{
	struct mdk_gate *gate;
	unsigned int i;

	mdk_gates_expire(pins);
	for (i = 0; i < pins->nr_gates; i++)
		if (pins->gates[i].first == first && pins->gates[i].last == last)
			return &pins->gates[i];

	if (pins->nr_gates < MDK_GATES_MAX) {
		gate = &pins->gates[pins->nr_gates++];
		*gate = (struct mdk_gate){ .first = first, .last = last };
		return gate;
	}
	gate = &pins->gates[MDK_GATES_MAX - 1];
	gate->first = min(gate->first, first);
	gate->last = max(gate->last, last);
	return gate;
}

/* Return: how many notices for the range gave up since the last that did not. */
static unsigned int mdk_notice_begin(struct mdk_pins *pins, u64 first, u64 last)
{
	unsigned int gave_up;

	spin_lock(&pins->lock);
	gave_up = mdk_gate_find(pins, first, last)->gave_up;
	pins->noticing++;
	spin_unlock(&pins->lock);
	return gave_up;
}

/* @condemned: all pins of the range are the worker's, who has released them at @target. */
static void mdk_notice_end(struct mdk_pins *pins, u64 first, u64 last, bool condemned,
			   unsigned long target)
{
	struct mdk_gate *gate;

	spin_lock(&pins->lock);
	gate = mdk_gate_find(pins, first, last);
	gate->until = jiffies + msecs_to_jiffies(MDK_GATE_MS);
	gate->condemned = condemned;
	/* Unless a pin landed meanwhile. */
	if ((long)(target - gate->target) > 0)
		gate->target = target;
	gate->gave_up = condemned && mdk_released(pins, target) ? 0 : gate->gave_up + 1;
	pins->noticing--;
	/* Closed meanwhile: the next user begins without gates. */
	if (!pins->live && !pins->closing)
		pins->nr_gates = 0;
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
	struct mdk_pins *pins = &b->pins;
	unsigned long patience, target;
	unsigned int gave_up;
	bool landed;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	gave_up = mdk_notice_begin(pins, iova, last);
	patience = mdk_unmap_patience(gave_up);
	if (!mdk_stop_dma(b, iova, length, gave_up)) {
		mdk_notice_end(pins, iova, last, false, mdk_nr_condemned(pins));
		return;
	}
	mdk_range_condemn(pins, iova, last);
	landed = wait_event_timeout(pins->settled, mdk_range_landed(pins, iova, last), patience);
	target = mdk_range_condemn(pins, iova, last);
	mdk_wait_released(pins, target, patience);
	mdk_notice_end(pins, iova, last, landed, target);
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
	else if (mdk_gates_stuck(pins) || (pin && mdk_gate_shut(pins, pin->first, pin->last)))
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

	lockdep_assert_held(&pins->lock);
	list_del(&pin->link);
	if (wanted && got == pin->npage && pins->live &&
	    !mdk_gate_shut(pins, pin->first, pin->last)) {
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

int mdk_pins_module_init(void)
{
	mdk_unpin_wq = alloc_workqueue("mdk-unpin", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return mdk_unpin_wq ? 0 : -ENOMEM;
}

void mdk_pins_module_exit(void)
{
	destroy_workqueue(mdk_unpin_wq);
}
