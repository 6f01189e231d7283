// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspend, reset or error of the parent, and their end: see mdk/parent.h. As in mdk_gone() all
 * instances are fenced and all DMA is stopped before any instance is waited for.
 *
 * There are two flags, since ops.quiesce and ops.suspend need the hardware: `fenced` at once keeps
 * accesses, open and init away from it; `hw_off`, set after ops.suspend, also ops.quiesce,
 * ops.reset and sections of mdk_hw_enter().
 */
#include <mdk/parent.h>
#include <mdk/pins.h>

#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "run/migrate/migrate.h"
#include "run/virtio/device.h"
#include "fence.h"
#include "gone.h"
#include "pause.h"
#include "power.h"
#include "quiesce.h"

/* Bits of mdk_host.paused. */
enum mdk_pause {
	MDK_PAUSE_SUSPEND = BIT(0),
	MDK_PAUSE_RESET = BIT(1),
	MDK_PAUSE_ERROR = BIT(2),
};

/* An instance that was lost in an earlier pause is fenced for good. */
static void mdk_inst_pause_fence(struct mdk_inst *inst)
{
	if (inst->gone)
		return;
	WRITE_ONCE(inst->slots, inst->plan->pause_slots);
	mdk_inst_set_fenced(inst, true);
	trace_mdk_state(inst->name, "pause");
}

/* If ops.quiesce fails the pages stay pinned until ops.reset has stopped the device. */
static void mdk_inst_pause_dma(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->plan->host->gone_lock);
	if (!inst->pins)
		return;
	inst->dma_runs = mdk_inst_quiesce(inst, 0, U64_MAX) != 0;
	if (!inst->dma_runs)
		mdk_pin_cache_release(inst->pins, 0, U64_MAX);
}

static void mdk_inst_error(struct mdk_inst *inst)
{
	mdk_inst_tell(inst, MDK_IRQ_ERR);
}

/* ops.init has succeeded: until then the driver does not know the instance. */
static bool mdk_inst_born(const struct mdk_inst *inst)
{
	return READ_ONCE(inst->phase) != MDK_PHASE_INIT;
}

static void mdk_call_suspend(struct mdk_inst *inst)
{
	struct mdk_call_state before = mdk_call_begin();

	if (mdk_inst_ops(inst)->suspend && mdk_inst_born(inst))
		mdk_inst_ops(inst)->suspend(&inst->base);
	mdk_call_end(inst->plan->host, "suspend", NULL, &before);
}

static int mdk_call_resume(struct mdk_inst *inst)
{
	struct mdk_call_state before = mdk_call_begin();
	int ret = 0;

	if (mdk_inst_ops(inst)->resume && mdk_inst_born(inst))
		ret = mdk_inst_ops(inst)->resume(&inst->base);
	mdk_call_end(inst->plan->host, "resume", NULL, &before);
	return ret;
}

static void mdk_inst_set_hw_off(struct mdk_inst *inst, bool off)
{
	lockdep_assert_held(&inst->callbacks);
	mutex_lock(&inst->stop.quiesce_lock);
	WRITE_ONCE(inst->hw_off, off);
	mutex_unlock(&inst->stop.quiesce_lock);
}

/* Waits for what was running when the fence was set, then calls ops.suspend. */
static void mdk_inst_go_away(struct mdk_inst *inst, bool broken)
{
	lockdep_assert_held(&inst->away_lock);
	mdk_inst_lock(inst);
	if (inst->dma_runs)
		mdk_inst_power_on_hw(inst, false);
	inst->unsaved = broken || READ_ONCE(inst->gone);
	if (!inst->unsaved)
		mdk_call_suspend(inst);
	mdk_inst_set_hw_off(inst, true);
	mdk_inst_unlock(inst);
	if (inst->dma_runs)
		mdk_pin_cache_release(inst->pins, 0, U64_MAX);
	inst->dma_runs = false;
}

static void mdk_inst_pause(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->plan->host->gone_lock);
	if (inst->gone)
		return;
	mdk_inst_entered(inst);
	mdk_works_hold(inst, MDK_AWAY_PARENT);
	mutex_lock(&inst->away_lock);
	if (!inst->away)
		mdk_inst_go_away(inst, inst->plan->host->paused & MDK_PAUSE_ERROR);
	inst->away |= MDK_AWAY_PARENT;
	mutex_unlock(&inst->away_lock);
}

static void mdk_inst_unfence(struct mdk_inst *inst)
{
	mdk_inst_set_fenced(inst, false);
	WRITE_ONCE(inst->slots, inst->plan->slots);
	trace_mdk_state(inst->name, "resume");
}

/* The reset that was put off during the pause; after a close it hides that user's data. */
static void mdk_inst_reset_pending(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	if (inst->pending_reset)
		mdk_inst_reset_hw(inst, inst->pending_scrub);
	inst->pending_scrub = false;
	WRITE_ONCE(inst->pending_reset, false);
}

/*
 * For remove: the next instance may get the same hardware, so a reset that was put off has to run
 * first. The end of the pause wakes us. With a broken parent that may take long: we can be frozen,
 * so that the machine can suspend meanwhile.
 */
void mdk_inst_wait_reset(struct mdk_inst *inst)
{
	wait_event_state(inst->plan->host->wait,
			 !READ_ONCE(inst->pending_reset) || READ_ONCE(inst->gone),
			 (TASK_UNINTERRUPTIBLE | TASK_FREEZABLE_UNSAFE));
}

/*
 * Calls ops.resume. Return: 0; -ENODEV: gone by now; or what ops.resume said, with a message: the
 * instance is lost.
 */
static int mdk_inst_come_back(struct mdk_inst *inst)
{
	int ret;

	lockdep_assert_held(&inst->away_lock);
	mdk_inst_lock(inst);
	if (READ_ONCE(inst->gone)) {
		mdk_inst_unlock(inst);
		return -ENODEV;
	}
	mdk_inst_set_hw_off(inst, false);
	ret = mdk_call_resume(inst);
	if (!ret)
		mdk_inst_reset_pending(inst);
	mdk_inst_unlock(inst);
	if (ret)
		dev_warn(mdev_dev(inst->mdev), "lost with its hardware: ops.resume failed (errno %d); its own lines before say why, if it gave any. Remove the device and create it again [K93]\n",
			 -ret);
	return ret;
}

/* A parent that pauses meanwhile has set the fence, which stays, and waits for away_lock. */
static void mdk_inst_unfence_alone(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;

	mutex_lock(&host->insts_lock);
	if (!inst->gone && !host->paused)
		mdk_inst_unfence(inst);
	mutex_unlock(&host->insts_lock);
}

/* Unless a migration keeps it away; then the end of that calls ops.resume. */
static int mdk_inst_parent_back(struct mdk_inst *inst)
{
	int ret = 0;

	mutex_lock(&inst->away_lock);
	inst->away &= ~MDK_AWAY_PARENT;
	if (!inst->away)
		ret = mdk_inst_come_back(inst);
	if (!inst->away && !ret)
		mdk_inst_unfence_alone(inst);
	mutex_unlock(&inst->away_lock);
	return ret;
}

static void mdk_inst_resume(struct mdk_inst *inst)
{
	if (inst->gone)
		return;
	if (mdk_inst_parent_back(inst))
		mdk_inst_lose(inst);
	mdk_works_release(inst, MDK_AWAY_PARENT);
	mdk_virtio_wake(inst->virtio);
	/* It may have met the fence. */
	mdk_migration_wake(inst);
}

/* A migration */

/* Return: 0; -ENODEV: the hardware is gone; -EAGAIN: the parent is on its way to a pause. */
static int mdk_inst_fence_alone(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;
	int ret = 0;

	mutex_lock(&host->insts_lock);
	if (inst->gone)
		ret = -ENODEV;
	else if (host->paused)
		ret = -EAGAIN;
	else
		mdk_inst_pause_fence(inst);
	mutex_unlock(&host->insts_lock);
	return ret;
}

/*
 * For a migration: as if the parent slept, for this instance alone. Its workers are held already,
 * and nothing is pinned. Waits for a callback under way, so for nobody but its own user. Return:
 * likewise; -EIO: the parent had an error, and what the hardware knew is lost.
 */
int mdk_inst_halt(struct mdk_inst *inst)
{
	int ret = 0;

	mutex_lock(&inst->away_lock);
	if (!inst->away)
		ret = mdk_inst_fence_alone(inst);
	if (!ret && !inst->away)
		mdk_inst_go_away(inst, false);
	/* After an error of the bus nobody has asked the hardware for what it knows. */
	if (!ret && inst->unsaved)
		ret = READ_ONCE(inst->gone) ? -ENODEV : -EIO;
	if (!ret)
		inst->away |= MDK_AWAY_MIGRATION;
	mutex_unlock(&inst->away_lock);
	/* Who was in a section when the fence came may still change registers. */
	if (!ret)
		synchronize_srcu(&inst->plan->host->hw);
	return ret;
}

/* A parent that has fenced this instance, and has not come to it yet, finds it away. */
static bool mdk_inst_is_parents(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;

	mutex_lock(&host->insts_lock);
	if (host->paused)
		inst->away |= MDK_AWAY_PARENT;
	mutex_unlock(&host->insts_lock);
	return inst->away & MDK_AWAY_PARENT;
}

static int mdk_inst_end_halt(struct mdk_inst *inst)
{
	int ret;

	lockdep_assert_held(&inst->away_lock);
	if (READ_ONCE(inst->gone))
		return -ENODEV;
	if (mdk_inst_is_parents(inst)) {
		inst->away &= ~MDK_AWAY_MIGRATION;
		return 0;
	}
	ret = mdk_inst_come_back(inst);
	if (ret)
		return ret;
	inst->away &= ~MDK_AWAY_MIGRATION;
	mdk_inst_unfence_alone(inst);
	return 0;
}

/*
 * Back from mdk_inst_halt(), unless the parent is away: then with that. Return: 0; -ENODEV: the
 * hardware is gone; or -EIO: ops.resume has failed, and the instance is lost.
 */
int mdk_inst_unhalt(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;
	int ret;

	mutex_lock(&inst->away_lock);
	ret = inst->away & MDK_AWAY_MIGRATION ? mdk_inst_end_halt(inst) : 0;
	mutex_unlock(&inst->away_lock);
	if (!ret)
		return 0;
	if (READ_ONCE(inst->gone))
		return -ENODEV;
	mutex_lock(&host->gone_lock);
	mdk_inst_lose(inst);
	mutex_unlock(&host->gone_lock);
	return -EIO;
}

static void mdk_host_fence(struct mdk_host *host)
{
	mdk_insts_each(host, mdk_inst_pause_fence);
	mdk_insts_each(host, mdk_inst_pause_dma);
}

static void mdk_host_pause(struct mdk_host *host, enum mdk_pause why)
{
	bool first;

	mutex_lock(&host->gone_lock);
	mutex_lock(&host->insts_lock);
	first = !host->paused && !host->gone;
	host->paused |= why;
	if (first)
		mdk_host_fence(host);
	if (why == MDK_PAUSE_ERROR && !host->gone)
		mdk_insts_each(host, mdk_inst_error);
	if (first)
		mdk_insts_wait(host, mdk_inst_pause);
	mutex_unlock(&host->insts_lock);
	synchronize_srcu(&host->hw);
	mutex_unlock(&host->gone_lock);
}

static void mdk_host_back(struct mdk_host *host, unsigned int why)
{
	unsigned int before;

	mutex_lock(&host->gone_lock);
	mutex_lock(&host->insts_lock);
	before = host->paused;
	host->paused &= ~why;
	if (before && !host->paused && !host->gone)
		mdk_insts_wait(host, mdk_inst_resume);
	mutex_unlock(&host->insts_lock);
	mutex_unlock(&host->gone_lock);
}

void mdk_suspend(struct mdk_host *host)
{
	mdk_host_pause(host, MDK_PAUSE_SUSPEND);
}

void mdk_resume(struct mdk_host *host)
{
	mdk_host_back(host, MDK_PAUSE_SUSPEND);
}

void mdk_reset_prepare(struct mdk_host *host)
{
	mdk_host_pause(host, MDK_PAUSE_RESET);
}

void mdk_error(struct mdk_host *host)
{
	mdk_host_pause(host, MDK_PAUSE_ERROR);
}

void mdk_reset_done(struct mdk_host *host)
{
	mdk_host_back(host, MDK_PAUSE_RESET | MDK_PAUSE_ERROR);
}
