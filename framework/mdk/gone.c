// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware is gone. All instances are fenced first, and only then is waited for what still
 * runs: a guest that is slow to let go holds up nobody else's fence.
 *
 * The fence costs an access nothing: it goes by other slots, which answer all-ones. What found the
 * old ones meets mdk_inst.gone under the callbacks' lock.
 */
#include "internal.h"
#include "tracepoints.h"

static u64 mdk_void_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	return U64_MAX;
}

static void mdk_void_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width, u64 val)
{
}

static const struct mdk_slot_ops mdk_void_slot_ops = {
	.load = mdk_void_load,
	.store = mdk_void_store,
};

void mdk_plan_void(struct mdk_plan *plan)
{
	u32 i;

	memcpy(plan->void_slots, plan->slots, sizeof(plan->void_slots));
	for (i = 0; i < MDK_NR_SLOTS; i++) {
		plan->void_slots[i].ops = &mdk_void_slot_ops;
		plan->void_slots[i].nr_fast = 0;
	}
}

/* Return: 0, or -ENODEV where there is no hardware to be an instance of. */
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
	/* mdk_gone() looks at this very one; it is not open, so that is soon over. */
	while (host->awaited == inst) {
		mutex_unlock(&host->insts_lock);
		wait_event(host->wait, READ_ONCE(host->awaited) != inst);
		mutex_lock(&host->insts_lock);
	}
	list_del(&inst->host_link);
	mutex_unlock(&host->insts_lock);
}

/*
 * A pin or a copy that its user holds up inside VFIO ends for the driver, so that nobody who waits
 * for the driver waits for that user.
 */
static void mdk_inst_stop_calls(struct mdk_inst *inst, bool stop)
{
	WRITE_ONCE(inst->cancel.stop, stop);
	wake_up_all(&inst->cancel.wait);
}

/* Waits for no guest: what takes these locks is short, but for callbacks, which come last. */
void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced)
{
	mutex_lock(&inst->maps_lock);
	WRITE_ONCE(inst->fenced, fenced);
	inst->fences += fenced;
	mutex_unlock(&inst->maps_lock);
	mdk_inst_stop_calls(inst, fenced);
	/* The next touch of a mapping finds a private page, or the hardware again. */
	mdk_ram_revoke(inst);
}

static void mdk_inst_fence(struct mdk_inst *inst)
{
	WRITE_ONCE(inst->slots, inst->plan->void_slots);
	/* First: who finds the fence asks whether it is for good. */
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

static void mdk_wait_for(struct mutex *lock)
{
	mutex_lock(lock);
	mutex_unlock(lock);
}

/* An init or open that was under way: they make workers and let them run. */
void mdk_inst_entered(struct mdk_inst *inst)
{
	mdk_wait_for(&inst->entry);
}

/* A callback or a worker that was under way when the fence came. */
static void mdk_inst_wait(struct mdk_inst *inst)
{
	mdk_inst_entered(inst);
	mdk_wait_for(&inst->stop.quiesce_lock);
	mdk_wait_for(&inst->callbacks);
	mdk_works_drain(inst);
	WRITE_ONCE(inst->hw_off, true);
}

/* One instance that does not come back with its parent. Called without a lock, like a wait. */
void mdk_inst_lose(struct mdk_inst *inst)
{
	mdk_inst_fence(inst);
	mdk_inst_stop_dma(inst);
	mdk_inst_tell_gone(inst);
	mdk_inst_wait(inst);
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

	list_for_each_entry(inst, &host->insts, host_link)
		if (inst->gone_round != round)
			return inst;
	return NULL;
}

/*
 * A callback that touches guest memory takes as long as its guest likes: so the list is not locked
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

bool mdk_is_gone(struct mdk_dev *dev)
{
	return READ_ONCE(to_mdk_inst(dev)->gone);
}
