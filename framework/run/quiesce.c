// SPDX-License-Identifier: GPL-2.0-only
/* Stops the DMA of an instance: for an unmap, a pause, mdk_gone(), or bus mastering off. */
#include <mdk/pins.h>

#include "run/instance/instance.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "quiesce.h"

/*
 * Kills the handles of the range and has the driver stop its DMA to them. Not skipped for `gone`:
 * mdk_gone() sets that in all instances before it stops the first one's DMA, and a user may unmap
 * in between.
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

/* For good. The pages are unpinned even if ops.quiesce fails: without hardware no retry helps. */
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
