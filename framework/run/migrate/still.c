// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first half of a stop: no DMA and no worker, while accesses are still answered, since another
 * device of the same machine may not have stopped yet. The second half is that of a pause
 * (mdk_inst_halt()).
 */
#include <mdk/pins.h>

#include "run/access/causes.h"
#include "run/access/gaps.h"
#include "run/bus_master.h"
#include "run/config_store.h"
#include "run/fence.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "run/power.h"
#include "run/quiesce.h"
#include "run/virtio/device.h"
#include "migrate.h"

static void mdk_inst_set_still(struct mdk_inst *inst, bool still)
{
	mdk_inst_lock(inst);
	inst->still = still;
	mdk_master_follow(inst);
	mdk_inst_unlock(inst);
}

/* A worker that waits in a call into VFIO, for whatever user space does, returns from it. */
static void mdk_inst_hold_works(struct mdk_inst *inst)
{
	struct mdk_host *host = inst->plan->host;

	mdk_inst_stop_calls(inst, true);
	mdk_works_hold(inst, MDK_AWAY_MIGRATION);
	mutex_lock(&host->insts_lock);
	mdk_inst_stop_calls(inst, inst->fenced);
	mutex_unlock(&host->insts_lock);
}

/*
 * A device without ops.quiesce only copies, and no copy is made now: its pins stay, and with them
 * its rings, if it does not leave after all. Return: 0, or what ops.quiesce said: then it was
 * reset.
 */
static int mdk_inst_stop_pins(struct mdk_inst *inst)
{
	int ret;

	if (!inst->pins || !mdk_inst_ops(inst)->quiesce)
		return 0;
	ret = mdk_inst_quiesce(inst, 0, U64_MAX);
	if (ret)
		mdk_inst_reset(inst, false);
	mdk_pin_cache_release(inst->pins, 0, U64_MAX);
	return ret;
}

/* What asks for DMA meanwhile is refused. Under switching, as when a guest switches it off. */
int mdk_inst_still(struct mdk_inst *inst)
{
	int ret;

	if (mutex_lock_killable(&inst->switching))
		return -EINTR;
	mdk_inst_hold_works(inst);
	mdk_inst_set_still(inst, true);
	mdk_master_copies_end(inst);
	mdk_gaps_hurry(inst);
	ret = mdk_inst_stop_pins(inst);
	mutex_unlock(&inst->switching);
	if (!ret)
		return 0;
	dev_info_ratelimited(mdev_dev(inst->mdev), "migration: ops.quiesce could not stop the device's DMA (errno %d), so it was reset; its own lines before say why, if it gave any [K256]\n",
			     -ret);
	mdk_inst_unstill(inst);
	return -EBUSY;
}

void mdk_inst_unstill(struct mdk_inst *inst)
{
	mutex_lock(&inst->switching);
	mdk_inst_set_still(inst, false);
	/* Its guest has switched it off meanwhile, and nobody has stopped it for that. */
	if (READ_ONCE(inst->off))
		mdk_config_stop(inst);
	mutex_unlock(&inst->switching);
	mdk_causes_follow(inst);
	mdk_works_release(inst, MDK_AWAY_MIGRATION);
	mdk_virtio_wake(inst->virtio);
}
