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
 *    The gate counts that (@gave_up): after MDV_STOP_TRIES the driver is not believed any more,
 *    and after MDV_TIMEOUT_TRIES, which is less than eleven, a notice waits for its end. The
 *    count lives as long as anything of the range is pinned, being pinned, or the worker's.
 * 2. Somebody pinned a page of the mapping after all was released and before VFIO had looked. Such
 *    a page need not be one that was pinned before. So a gate stays shut, for every page of it
 *    and no other, until the thread that asked has left VFIO: it cannot ask in between. What lands
 *    while it is shut goes to the worker, which the next notice waits for. It is so whoever
 *    has the device open, or nobody: the thread that asks is the same.
 *
 * That a thread has left VFIO is seen by a flag that the kernel clears on its way to user space
 * (mdv_unmapper_inside()). Where it cannot be seen, a pause stands in for it: 5 ms after the first
 * notice, doubled with each that overlaps the range, 640 ms from the eighth, forgotten after a
 * second without one. Who wants to use up the questions then has to keep the thread from VFIO's
 * lock eleven times, from the end of a notice to the end of its pause, and each time let a pin have
 * the lock before it. The pause comes in any case.
 */
#include "bridge.h"
#include "unmap.h"
#include "unmapper.h"

/* A notice gives up after this long without progress, doubled with each one in a row that did. */
#define MDV_UNMAP_TIMEOUT_MS 20

/* After so many notices in a row that gave up, the next waits for its end. */
#define MDV_TIMEOUT_TRIES 9

/* Notices in a row of which a quiesce op may say "not yet"; VFIO asks eleven times at most. */
#define MDV_STOP_TRIES 7

/* Return: false if the driver wants to be asked again. @gave_up: how often it was already. */
static bool mdv_driver_stops(struct mdv_bridge *b, u64 iova, u64 size, unsigned int gave_up)
{
	struct mdev_device *mdev = &b->mdev->base;
	int ret = 0;

	if (b->ops->notifier)
		b->ops->notifier(mdev, iova, size);
	if (b->ops->quiesce)
		ret = b->ops->quiesce(mdev, iova, size);
	if (ret == -EAGAIN && gave_up < MDV_STOP_TRIES)
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
static unsigned long mdv_unmap_timeout(unsigned int gave_up)
{
	if (gave_up >= MDV_TIMEOUT_TRIES)
		return MAX_SCHEDULE_TIMEOUT;
	return msecs_to_jiffies(MDV_UNMAP_TIMEOUT_MS << gave_up);
}

static bool mdv_pins_closed(struct mdv_pins *pins)
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
static bool mdv_stop_dma(struct mdv_bridge *b, u64 iova, u64 size, unsigned int gave_up)
{
	bool stopped = true;

	mutex_lock(&b->pins.stop_lock);
	if (b->pins.live)
		stopped = mdv_driver_stops(b, iova, size, gave_up);
	mutex_unlock(&b->pins.stop_lock);
	return stopped && wait_event_timeout(b->pins.progress, mdv_pins_closed(&b->pins),
					     mdv_unmap_timeout(gave_up));
}

/* Pin calls that began before the gate closed; they condemn themselves when they come back. */
static bool mdv_range_settled(struct mdv_pins *pins, u64 first, u64 last)
{
	bool done;

	spin_lock(&pins->lock);
	done = !mdv_range_in_flight(pins, first, last);
	spin_unlock(&pins->lock);
	return done;
}

static unsigned long mdv_nr_queued(struct mdv_pins *pins)
{
	unsigned long nr;

	spin_lock(&pins->lock);
	nr = pins->nr_queued;
	spin_unlock(&pins->lock);
	return nr;
}

/* Condemns what is left of the range. Return: how far the worker must come to have it released. */
static unsigned long mdv_range_unpin(struct mdv_pins *pins, u64 first, u64 last)
{
	unsigned long target;

	spin_lock(&pins->lock);
	mdv_queue_unpin_range(pins, first, last);
	target = pins->nr_queued;
	spin_unlock(&pins->lock);
	return target;
}

/* Waits as long as the worker comes nearer to @target within the patience of each step. */
static void mdv_wait_unpinned(struct mdv_pins *pins, unsigned long target, unsigned long timeout)
{
	unsigned long seen;

	do {
		seen = READ_ONCE(pins->nr_unpinned);
	} while (!mdv_unpinned(pins, target) &&
		 wait_event_timeout(pins->progress, READ_ONCE(pins->nr_unpinned) != seen, timeout));
}

/* As mdv_unmap_end() wants it. Return: how far the worker must come. */
static unsigned long mdv_unmap_range(struct mdv_bridge *b, const struct mdv_unmap *unmap,
				     u64 size, bool *queued)
{
	const unsigned int gave_up = READ_ONCE(unmap->gate->gave_up);
	const unsigned long timeout = mdv_unmap_timeout(gave_up);
	const u64 first = unmap->first, last = unmap->last;
	struct mdv_pins *pins = &b->pins;
	unsigned long target;

	*queued = false;
	if (!mdv_stop_dma(b, first, size, gave_up))
		return mdv_nr_queued(pins);
	mdv_range_unpin(pins, first, last);
	*queued = wait_event_timeout(pins->progress, mdv_range_settled(pins, first, last),
				     timeout);
	target = mdv_range_unpin(pins, first, last);
	mdv_wait_unpinned(pins, target, timeout);
	return target;
}

/**
 * mdv_bridge_dma_unmap() - user space unmaps guest memory
 * @vdev: the device
 * @iova: first byte
 * @length: bytes; may be ~0 from a detach, which names everything
 *
 * Context: process, under VFIO's device list lock.
 * Guarantees: when it returns, the driver was told, no pin of the range is left in our books, and
 * either its pages are released or the worker is on them and VFIO will ask again. Or the driver
 * said "not yet": then nothing is released, because it may be in use, and VFIO will ask again.
 */
void mdv_bridge_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct mdv_bridge *b = to_mdv_bridge(vdev);
	struct mdv_unmap unmap = { .first = iova };
	struct mdv_pins *pins = &b->pins;
	unsigned long target;
	bool queued;
	u64 last;

	if (!length)
		return;
	if (check_add_overflow(iova, length - 1, &last))
		last = U64_MAX;

	unmap.last = last;
	mdv_unmap_list(&unmap);
	mdv_unmap_begin(pins, &unmap);
	target = mdv_unmap_range(b, &unmap, length, &queued);
	mdv_unmap_end(pins, &unmap, queued, target);
	mdv_unmap_unlist(&unmap);
}
