// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware is gone. All instances are fenced before anything that still runs is waited for: a
 * slow guest does not delay the fence of another one.
 *
 * The fence costs an access nothing: mdk_inst.slots points to slots that answer all-ones. An access
 * that has read the old pointer checks mdk_inst.fenced before it touches the hardware.
 */
#include <mdk/irqs.h>

#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/tracepoints.h"
#include "fence.h"
#include "gone.h"
#include "quiesce.h"

static void mdk_inst_fence(struct mdk_inst *inst)
{
	WRITE_ONCE(inst->slots, inst->plan->void_slots);
	/* Before `fenced`: whoever sees that set looks at `gone` for the errno. */
	WRITE_ONCE(inst->gone, true);
	mdk_inst_set_fenced(inst, true);
	trace_mdk_state(inst->name, "gone");
}

void mdk_inst_tell(struct mdk_inst *inst, enum mdk_irq_index index)
{
	mdk_irqs_trigger(inst->irqs, index, 0);
}

static void mdk_inst_tell_gone(struct mdk_inst *inst)
{
	mdk_inst_tell(inst, MDK_IRQ_ERR);
	mdk_inst_tell(inst, MDK_IRQ_REQ);
}

/* Waits for callbacks and workers that were running when the fence was set. */
static void mdk_inst_wait(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->plan->host->gone_lock);
	mdk_inst_entered(inst);
	/* A migration that has it go away or come back sees `gone` under the next one. */
	mdk_wait_for_holder(&inst->away_lock);
	mdk_wait_for_holder(&inst->stop.quiesce_lock);
	mdk_wait_for_holder(&inst->callbacks);
	mdk_works_drain(inst);
	WRITE_ONCE(inst->hw_off, true);
}

/* An instance whose ops.resume has failed. Called without insts_lock, as it waits. */
void mdk_inst_lose(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;

	/* The end of a migration lifts a fence under that lock. */
	mutex_lock(&host->insts_lock);
	mdk_inst_fence(inst);
	mutex_unlock(&host->insts_lock);
	mdk_inst_stop_dma(inst);
	mdk_inst_tell_gone(inst);
	mdk_inst_wait(inst);
}

void mdk_gone(struct mdk_host *host)
{
	mutex_lock(&host->gone_lock);
	mutex_lock(&host->insts_lock);
	host->gone = true;
	mdk_insts_each(host, mdk_inst_fence);
	mdk_insts_each(host, mdk_inst_stop_dma);
	mdk_insts_each(host, mdk_inst_tell_gone);
	mdk_insts_wait(host, mdk_inst_wait);
	mutex_unlock(&host->insts_lock);
	synchronize_srcu(&host->hw);
	mutex_unlock(&host->gone_lock);
}
