// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer to VFIO's dma_unmap callback.
 *
 * VFIO's type1 calls dma_unmap with its device list lock held. Other threads take that lock under
 * type1's own lock, which vfio_unpin_pages() needs as well: to unpin inside the callback would
 * deadlock. So a worker unpins (pins.c). The callback queues pins for it, and waits for as long as
 * the worker makes progress.
 *
 * For one UNMAP_DMA ioctl type1 calls dma_unmap again and again while the mapping has pinned pages.
 * After eleven calls it stops the host (BUG_ON). There are two reasons for a further call, and both
 * have to be bounded:
 *
 * 1. A call gave up: the driver answered "not yet", or the worker did not get type1's lock before
 *    the timeout. The gate of the range counts that (@gave_up). After MDV_STOP_TRIES "not yet" is
 *    not accepted any more, and after MDV_TIMEOUT_TRIES, which is less than eleven, a call waits
 *    without a timeout. The count is kept while anything of the range is pinned, in flight or
 *    queued for the worker.
 * 2. A page of the mapping was pinned after a call had returned and before type1 looked for pinned
 *    pages, maybe one that was never pinned before. So a gate is shut over the mapping: no page of
 *    it can be pinned until the thread that unmaps has left VFIO and can make no further call
 *    (unmapper.c). A pin that was in flight when the gate was shut is queued as soon as it returns,
 *    and the next call waits for it. A gate belongs to the device, not to the user who has it open:
 *    the thread that unmaps stays the same when the user changes.
 *
 * Where unmapper.c cannot see the thread, time has to do: a gate stays shut for 5 ms after the
 * first call, twice as long after each further one, 640 ms from the eighth on, and the count ends
 * after a second without a call (MDV_BACKOFF_MS and the lines after it in gate.c). To use up eleven
 * calls a user would have to keep the thread from type1's lock for the whole of each backoff,
 * eleven times, and each time let a pin have the lock first. The backoff applies to threads that
 * are seen too.
 */
#include "bridge.h"
#include "unmap.h"
#include "unmapper.h"

/* A dma_unmap call gives up after so long without progress; twice as long after each that did. */
#define MDV_UNMAP_TIMEOUT_MS 20

/* After so many calls in a row that gave up, the next one waits without a timeout. */
#define MDV_TIMEOUT_TRIES 9

/* So many calls in a row a quiesce op may answer with "not yet"; VFIO makes eleven at most. */
#define MDV_STOP_TRIES 7

/*
 * Tells the driver to stop its DMA. @gave_up: calls before this one that gave up.
 * Return: false if the driver answers "not yet".
 */
static bool mdv_driver_stop(struct mdv_bridge *b, u64 iova, u64 size, unsigned int gave_up)
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
 * A user can keep type1's lock from the worker for as long as he likes, by a copy or a dirty bitmap
 * whose page fault he does not serve. That must not make VFIO reach its last call, which stops the
 * host: rather the tasks of that container wait, for ever if they want it so.
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
 * While the last descriptor is being closed, the driver is not told any more: its DMA has stopped
 * when its release op has returned, and until then the pages are in use.
 */
static bool mdv_stop_dma(struct mdv_bridge *b, u64 iova, u64 size, unsigned int gave_up)
{
	bool stopped = true;

	mutex_lock(&b->pins.stop_lock);
	if (b->pins.live)
		stopped = mdv_driver_stop(b, iova, size, gave_up);
	mutex_unlock(&b->pins.stop_lock);
	return stopped && wait_event_timeout(b->pins.progress, mdv_pins_closed(&b->pins),
					     mdv_unmap_timeout(gave_up));
}

/* Have the pins that were in flight when the gate was shut returned? They queue themselves then. */
static bool mdv_range_returned(struct mdv_pins *pins, u64 first, u64 last)
{
	bool returned;

	spin_lock(&pins->lock);
	returned = !mdv_range_in_flight(pins, first, last);
	spin_unlock(&pins->lock);
	return returned;
}

static unsigned long mdv_nr_queued(struct mdv_pins *pins)
{
	unsigned long nr;

	spin_lock(&pins->lock);
	nr = pins->nr_queued;
	spin_unlock(&pins->lock);
	return nr;
}

/* Queues all pins of the range. Return: what @nr_unpinned will be when they are unpinned. */
static unsigned long mdv_range_queue(struct mdv_pins *pins, u64 first, u64 last)
{
	unsigned long target;

	spin_lock(&pins->lock);
	mdv_queue_unpin_range(pins, first, last);
	target = pins->nr_queued;
	spin_unlock(&pins->lock);
	return target;
}

/* Waits for the worker to unpin up to @target, with a timeout for each pin of those. */
static void mdv_wait_unpinned(struct mdv_pins *pins, unsigned long target, unsigned long timeout)
{
	unsigned long seen;

	do {
		seen = READ_ONCE(pins->nr_unpinned);
	} while (!mdv_unpinned(pins, target) &&
		 wait_event_timeout(pins->progress, READ_ONCE(pins->nr_unpinned) != seen, timeout));
}

/*
 * Stops the DMA of the range, and unpins it as far as that is possible in time. @queued and what is
 * returned are for mdv_unmap_end().
 */
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
	mdv_range_queue(pins, first, last);
	*queued = wait_event_timeout(pins->progress, mdv_range_returned(pins, first, last),
				     timeout);
	target = mdv_range_queue(pins, first, last);
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
 * Guarantees: when it returns, the driver was told, and the tree has no pin of the range. Its pages
 * are unpinned, or they are queued for the worker and VFIO will call again. Or the driver said "not
 * yet": then nothing was queued, because the device may be using it, and VFIO will call again.
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
	mdv_unmapper_enter(&unmap);
	mdv_unmap_begin(pins, &unmap);
	target = mdv_unmap_range(b, &unmap, length, &queued);
	mdv_unmap_end(pins, &unmap, queued, target);
	mdv_unmapper_leave(&unmap);
}
