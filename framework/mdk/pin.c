// SPDX-License-Identifier: GPL-2.0-only
/* Pins of an instance, and its answer to an unmap: see pins.c. */
#include "internal.h"
#include "reach.h"
#include "tracepoints.h"
#include "vendor_checks.h"

/*
 * How long an unmap waits for the reset of a device that could not be stopped, before VFIO is told
 * to ask again; doubled with each time in a row.
 */
#define MDK_STOP_PATIENCE_MS 20
#define MDK_STOP_PATIENCE_SHIFT_MAX 7

static void mdk_stop_work(struct work_struct *work)
{
	struct mdk_inst *inst = container_of(work, struct mdk_inst, stop.work);
	unsigned long asked;

	mutex_lock(&inst->callbacks);
	/* Who asked until now is served by this reset. */
	asked = READ_ONCE(inst->stop.asked);
	mdk_inst_power_on(inst, false);
	mutex_unlock(&inst->callbacks);
	WRITE_ONCE(inst->stop.served, asked);
	wake_up_all(&inst->stop.wait);
}

int mdk_inst_pins_alloc(struct mdk_inst *inst)
{
	const struct mdk_host *host = inst->plan->host;

	INIT_WORK(&inst->stop.work, mdk_stop_work);
	init_waitqueue_head(&inst->stop.wait);
	init_waitqueue_head(&inst->cancel.wait);
	if (!host->model.pin_pages)
		return 0;
	inst->pins = mdk_pin_cache_alloc(inst->mdev, host->dev, host->model.pin_pages);
	if (!inst->pins)
		return -ENOMEM;
	mdk_pin_cache_set_off(inst->pins, inst->off);
	if (mdk_host_is_real(host))
		mdk_pin_cache_set_cancel(inst->pins, &inst->cancel);
	return 0;
}

static int mdk_fence_errno(const struct mdk_inst *inst)
{
	return READ_ONCE(inst->gone) ? -ENODEV : -EAGAIN;
}

struct mdk_pinned *mdk_pin(struct mdk_dev *dev, u64 iova, u64 size, enum mdk_dma_dir dir)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct mdk_pinned *pinned = ERR_PTR(-EOPNOTSUPP);

	if (READ_ONCE(inst->fenced))
		pinned = ERR_PTR(mdk_fence_errno(inst));
	else if (inst->pins)
		pinned = mdk_pin_cache_pin(inst->pins, iova, size, dir);
	/* The hardware went meanwhile: maybe after its pins were counted. */
	if (!IS_ERR(pinned) && READ_ONCE(inst->fenced)) {
		mdk_unpin(pinned);
		pinned = ERR_PTR(mdk_fence_errno(inst));
	}
	trace_mdk_pin(mdk_name(dev), iova, size, PTR_ERR_OR_ZERO(pinned));
	return pinned;
}

void mdk_set_dma_device(struct mdk_dev *dev, struct device *dma)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	if (!inst->pins)
		return;
	mdk_pin_cache_set_device(inst->pins, dma);
	if (dma && dma != inst->plan->host->dev)
		mdk_reach_foretell(dma, inst->plan->host->model.name);
}

void mdk_pin_stats(struct mdk_dev *dev, struct mdk_pin_stats *stats)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	memset(stats, 0, sizeof(*stats));
	if (inst->pins)
		mdk_pin_cache_stats(inst->pins, stats);
}

/* VFIO knows what was written in here. */
static int mdk_dma_rw_on(struct mdk_inst *inst, u64 iova, void *buf, size_t len, bool write)
{
	int ret;

	if (!mdk_host_is_real(inst->plan->host))
		return mdev_dma_rw(inst->mdev, iova, buf, len, write);
	ret = mdk_mdev_dma_rw_apart(inst->mdev, iova, buf, len, write, &inst->cancel);
	/* What says stop does not say for how long. */
	return ret == -EAGAIN ? mdk_fence_errno(inst) : ret;
}

static int mdk_dma_rw(struct mdk_inst *inst, u64 iova, void *buf, size_t len, bool write)
{
	int ret = -ESHUTDOWN;

	down_read(&inst->copies);
	if (!READ_ONCE(inst->off))
		ret = mdk_dma_rw_on(inst, iova, buf, len, write);
	up_read(&inst->copies);
	return ret;
}

int mdk_dma_read(struct mdk_dev *dev, u64 iova, void *buf, size_t len)
{
	return mdk_dma_rw(to_mdk_inst(dev), iova, buf, len, false);
}

int mdk_dma_write(struct mdk_dev *dev, u64 iova, const void *buf, size_t len)
{
	return mdk_dma_rw(to_mdk_inst(dev), iova, (void *)buf, len, true);
}

static unsigned long mdk_stop_ask(struct mdk_inst *inst)
{
	unsigned long ticket = inst->stop.asked + 1;

	WRITE_ONCE(inst->stop.asked, ticket);
	queue_work(system_unbound_wq, &inst->stop.work);
	return ticket;
}

static bool mdk_stop_served(struct mdk_inst *inst, unsigned long ticket)
{
	return (long)(READ_ONCE(inst->stop.served) - ticket) >= 0;
}

/*
 * A reset waits for a register callback, and that may be inside a pin call which waits for us. Only
 * VFIO can solve this, by letting its locks go and asking again: so the reset is a worker's, and
 * is waited for only so long. Calls are serialised by the bridge, and never come after close began.
 */
static int mdk_stop_by_reset(struct mdk_inst *inst)
{
	unsigned int shift = min(inst->stop.tries, MDK_STOP_PATIENCE_SHIFT_MAX);
	unsigned long ticket = mdk_stop_ask(inst);

	if (wait_event_timeout(inst->stop.wait, mdk_stop_served(inst, ticket),
			       msecs_to_jiffies(MDK_STOP_PATIENCE_MS << shift))) {
		inst->stop.tries = 0;
		return 0;
	}
	inst->stop.tries++;
	return -EAGAIN;
}

/*
 * Kills the handles of the range and has the driver stop its DMA to them. An instance that is gone
 * is no excuse: all are fenced before the first one's DMA is stopped, and its user may unmap then.
 */
int mdk_inst_quiesce(struct mdk_inst *inst, u64 iova, u64 size)
{
	const struct mdk_ops *ops = mdk_inst_ops(inst);
	struct mdk_call_state before;
	u64 first, length;
	int ret = 0;

	if (!mdk_pin_cache_shut(inst->pins, iova, size, &first, &length) || !ops->quiesce)
		return 0;
	mutex_lock(&inst->stop.quiesce_lock);
	if (!inst->stop.over && !inst->hw_off) {
		before = mdk_call_begin();
		ret = ops->quiesce(&inst->base, first, length);
		mdk_call_end(inst->plan->host, "quiesce", NULL, &before);
	}
	mutex_unlock(&inst->stop.quiesce_lock);
	trace_mdk_quiesce(inst->name, first, length, ret);
	return ret;
}

/* For good. Whether the driver can stop it or not, the pages go: there is nobody left to ask. */
void mdk_inst_stop_dma(struct mdk_inst *inst)
{
	if (!inst->pins)
		return;
	mdk_inst_quiesce(inst, 0, U64_MAX);
	mutex_lock(&inst->stop.quiesce_lock);
	inst->stop.over = true;
	mutex_unlock(&inst->stop.quiesce_lock);
	mdk_pin_cache_release(inst->pins, 0, U64_MAX);
}

int mdk_quiesce(struct mdev_device *mdev, u64 iova, u64 size)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	int ret = mdk_inst_quiesce(inst, iova, size);

	if (ret)
		ret = mdk_stop_by_reset(inst);
	if (!ret)
		mdk_pin_cache_release(inst->pins, iova, size);
	trace_mdk_unmap(mdk_name(&inst->base), iova, size, ret);
	return ret;
}

/*
 * Asking again has not helped, and VFIO stops the host if it must ask much longer. Pages that a
 * running device writes to cannot go either: wait.
 */
void mdk_quiesce_failed(struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	unsigned long ticket = mdk_stop_ask(inst);

	wait_event(inst->stop.wait, mdk_stop_served(inst, ticket));
	/*
	 * A reset switches a device off, and its pages went with that. By now its guest may have it
	 * on again, with pins that an unmap of their own has to stop.
	 */
	if (!inst->plan->host->obeys)
		mdk_pin_cache_release(inst->pins, 0, U64_MAX);
}
