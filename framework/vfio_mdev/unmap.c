// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer to an unmap (design.md, "Unmap").
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
#include "bridge.h"
#include "unmap.h"
#include "unmapper.h"

/* A notice gives up after this long without progress, doubled with each one in a row that did. */
#define MDK_UNMAP_PATIENCE_MS 20

/* After so many notices in a row that gave up, the next waits for its end. */
#define MDK_PATIENT_TRIES 9

/* Notices in a row of which a quiesce op may say "not yet"; VFIO asks eleven times at most. */
#define MDK_STOP_TRIES 7

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
