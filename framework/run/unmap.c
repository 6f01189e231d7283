// SPDX-License-Identifier: GPL-2.0-only
/* An instance's answer to an unmap: see helpers/pins.c. */
#include <mdk/pin.h>
#include <mdk/pins.h>

#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "power.h"
#include "quiesce.h"
#include "unmap.h"

/*
 * How long an unmap waits for the reset of a device that could not be stopped, before VFIO is told
 * to try again; doubled for each attempt in a row.
 */
#define MDK_STOP_PATIENCE_MS 20
#define MDK_STOP_PATIENCE_SHIFT_MAX 7

static void mdk_stop_work(struct work_struct *work)
{
	struct mdk_inst *inst = container_of(work, struct mdk_inst, stop.work);
	unsigned long asked;

	mdk_works_shut(inst);
	mdk_inst_lock(inst);
	/* This reset serves all requests made until now. */
	asked = READ_ONCE(inst->stop.asked);
	mdk_inst_power_on(inst, false);
	mdk_inst_unlock(inst);
	WRITE_ONCE(inst->stop.served, asked);
	wake_up_all(&inst->stop.wait);
	/*
	 * Only now: a worker may be in a pin call that waits for this unmap. Until it ends it can
	 * use neither rings nor pins of before.
	 */
	mdk_works_flush(inst);
	mdk_works_begin(inst);
}

void mdk_inst_unmap_init(struct mdk_inst *inst)
{
	INIT_WORK(&inst->stop.work, mdk_stop_work);
	init_waitqueue_head(&inst->stop.wait);
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
 * A reset takes mdk_inst.callbacks, whose holder may be in a pin call that waits for this unmap.
 * Only VFIO can resolve that, by releasing its locks and trying again: so a worker does the reset,
 * and we wait with a timeout. The bridge serialises calls, and makes none once close has begun.
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
 * VFIO has tried again in vain, and is a BUG_ON() if it must try much longer. Pages to which a
 * device still writes cannot be unpinned either: so wait for the reset, however long it takes.
 */
void mdk_quiesce_failed(struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	unsigned long ticket = mdk_stop_ask(inst);

	wait_event(inst->stop.wait, mdk_stop_served(inst, ticket));
	/*
	 * Where a guest switches the device on and off, the reset has switched it off and unpinned
	 * all pages. By now the guest may have switched it on again: new pins are not for us.
	 */
	if (!inst->plan->host->obeys)
		mdk_pin_cache_release(inst->pins, 0, U64_MAX);
}
