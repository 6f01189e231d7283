// SPDX-License-Identifier: GPL-2.0-only
/* Pins of an instance: see helpers/pins.c. */
#include <mdk/pin.h>
#include <mdk/pins.h>

#include "helpers/pins_private.h"
#include "helpers/reach.h"
#include "instance.h"
#include "pin.h"
#include "tracepoints.h"

int mdk_inst_pins_alloc(struct mdk_inst *inst)
{
	const struct mdk_host *host = inst->plan->host;

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
	/* Fenced meanwhile: mdk_inst_stop_dma() or a pause may not have seen this pin. */
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

/* A copy without a pin, made by VFIO, which marks what is written as dirty. */
static int mdk_dma_rw_on(struct mdk_inst *inst, u64 iova, void *buf, size_t len, bool write)
{
	int ret;

	if (!mdk_host_is_real(inst->plan->host))
		return mdev_dma_rw(inst->mdev, iova, buf, len, write);
	ret = mdk_mdev_dma_rw_apart(inst->mdev, iova, buf, len, write, &inst->cancel);
	/* -EAGAIN is a cancelled copy: is the hardware gone or only paused? */
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
