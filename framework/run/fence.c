// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_gone() and a pause have in common: see fence.h. */
#include "run/access/ram.h"
#include "run/instance/instance.h"
#include "fence.h"

int mdk_inst_join(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;
	int ret = 0;

	mutex_lock(&host->insts_lock);
	if (host->gone)
		ret = -ENODEV;
	else if (host->paused)
		ret = -EAGAIN;
	else
		list_add_tail(&inst->host_link, &host->insts);
	mutex_unlock(&host->insts_lock);
	if (ret == -EAGAIN)
		dev_info(host->dev, "create %s: the parent sleeps or is being reset; create it again when it is back [K90]\n",
			 inst->name);
	else if (ret)
		dev_info(host->dev, "create %s: the hardware behind the parent is gone; load its driver again when it is back [K39]\n",
			 inst->name);
	return ret;
}

void mdk_inst_leave(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;

	mutex_lock(&host->insts_lock);
	/* mdk_insts_wait() is at this instance; it is not open, so that is soon over. */
	while (host->awaited == inst) {
		mutex_unlock(&host->insts_lock);
		wait_event(host->wait, READ_ONCE(host->awaited) != inst);
		mutex_lock(&host->insts_lock);
	}
	list_del(&inst->host_link);
	mutex_unlock(&host->insts_lock);
}

/*
 * A pin or a copy that user space holds up inside VFIO returns to the driver, so that a wait for
 * the driver does not become a wait for user space.
 */
void mdk_inst_stop_calls(struct mdk_inst *inst, bool stop)
{
	WRITE_ONCE(inst->cancel.stop, stop);
	wake_up_all(&inst->cancel.wait);
}

void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced)
{
	mutex_lock(&inst->maps_lock);
	WRITE_ONCE(inst->fenced, fenced);
	inst->fences += fenced;
	mutex_unlock(&inst->maps_lock);
	mdk_inst_stop_calls(inst, fenced);
	/* The next access to a mapping faults in a private page, or the hardware again. */
	mdk_ram_revoke(inst);
}

void mdk_wait_for_holder(struct mutex *lock)
{
	mutex_lock(lock);
	mutex_unlock(lock);
}

void mdk_inst_entered(struct mdk_inst *inst)
{
	mdk_wait_for_holder(&inst->entry);
}

void mdk_insts_each(struct mdk_host *host, void (*act)(struct mdk_inst *inst))
{
	struct mdk_inst *inst;

	lockdep_assert_held(&host->insts_lock);
	list_for_each_entry(inst, &host->insts, host_link)
		act(inst);
}

static struct mdk_inst *mdk_insts_next_unawaited(struct mdk_host *host, unsigned int round)
{
	struct mdk_inst *inst;

	lockdep_assert_held(&host->insts_lock);
	list_for_each_entry(inst, &host->insts, host_link)
		if (inst->gone_round != round)
			return inst;
	return NULL;
}

/*
 * A callback that touches guest memory takes as long as its guest likes: so insts_lock is released
 * meanwhile, and all other instances can be removed.
 */
void mdk_insts_wait(struct mdk_host *host, void (*act)(struct mdk_inst *inst))
{
	unsigned int round = ++host->gone_rounds;
	struct mdk_inst *inst;

	lockdep_assert_held(&host->insts_lock);
	while ((inst = mdk_insts_next_unawaited(host, round))) {
		inst->gone_round = round;
		WRITE_ONCE(host->awaited, inst);
		mutex_unlock(&host->insts_lock);
		act(inst);
		mutex_lock(&host->insts_lock);
		WRITE_ONCE(host->awaited, NULL);
		wake_up_all(&host->wait);
	}
}
