// SPDX-License-Identifier: GPL-2.0-only
/* The end of an instance's DMA, whatever asks for it. */
#include <mdk/pins.h>

#include "run/instance/instance.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "quiesce.h"

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
