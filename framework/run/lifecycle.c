// SPDX-License-Identifier: GPL-2.0-only
/* An instance: create, open, close, remove. */
#include <linux/slab.h>

#include <mdk/irqs.h>
#include <mdk/pins.h>

#include "run/access/causes.h"
#include "run/access/counters64.h"
#include "run/access/dmabuf.h"
#include "run/access/edid.h"
#include "run/access/gaps.h"
#include "run/access/hardware.h"
#include "run/access/ram.h"
#include "run/access/rings.h"
#include "run/access/stats.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/pin.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "run/migrate/migrate.h"
#include "debugfs.h"
#include "fence.h"
#include "hosts.h"
#include "lifecycle.h"
#include "params.h"
#include "pause.h"
#include "power.h"
#include "type.h"
#include "unmap.h"

static void mdk_phase_set(struct mdk_inst *inst, enum mdk_phase phase)
{
	WRITE_ONCE(inst->phase, phase);
}

static void mdk_inst_free(struct mdk_inst *inst)
{
	mdk_ram_free(inst);
	mdk_hw_free(inst);
	mdk_pin_cache_free(inst->pins);
	/* Their timers send messages. */
	mdk_gaps_free(inst);
	mdk_irqs_free(inst->irqs);
	mdk_params_free(inst);
	mdk_counters64_free(inst);
	mdk_edid_free(inst);
	mdk_stats_free(inst);
	mdk_migration_free(inst);
	kvfree(inst->base.state);
	free_percpu(inst->counts);
	mutex_destroy(&inst->stop.quiesce_lock);
	mutex_destroy(&inst->switching);
	mutex_destroy(&inst->away_lock);
	mutex_destroy(&inst->entry);
	mutex_destroy(&inst->endings_lock);
	mutex_destroy(&inst->shown.lock);
	mutex_destroy(&inst->maps_lock);
	mutex_destroy(&inst->callbacks);
	kvfree(inst);
}

static struct mdk_inst *mdk_inst_alloc(const struct mdk_plan *plan)
{
	u32 nr_config = plan->config->size / 4;
	struct mdk_inst *inst = kvzalloc(struct_size(inst, vals, plan->nr_vals + nr_config +
						     plan->nr_msix), GFP_KERNEL);
	const struct mdk_model *model = &plan->host->model;

	if (!inst)
		return NULL;
	inst->plan = plan;
	inst->config = inst->vals + plan->nr_vals;
	inst->msix = inst->config + nr_config;
	inst->slots = plan->slots;
	mutex_init(&inst->callbacks);
	init_rwsem(&inst->copies);
	mutex_init(&inst->switching);
	mutex_init(&inst->away_lock);
	mutex_init(&inst->entry);
	mutex_init(&inst->maps_lock);
	mutex_init(&inst->shown.lock);
	mutex_init(&inst->endings_lock);
	mutex_init(&inst->stop.quiesce_lock);
	INIT_LIST_HEAD(&inst->endings[MDK_UNTIL_CLOSE]);
	INIT_LIST_HEAD(&inst->endings[MDK_UNTIL_REMOVE]);
	INIT_LIST_HEAD(&inst->resets);
	INIT_LIST_HEAD(&inst->works);
	INIT_LIST_HEAD(&inst->rings_made);
	INIT_LIST_HEAD(&inst->host_link);
	spin_lock_init(&inst->works_lock);
	inst->irqs = mdk_irqs_alloc(model->irqs, model->nr_irqs);
	inst->base.state = kvzalloc(max_t(size_t, model->state_size, 1), GFP_KERNEL);
	inst->counts = alloc_percpu(struct mdk_counts);
	if (!inst->irqs || !inst->base.state || !inst->counts || mdk_ram_alloc(inst) ||
	    mdk_params_alloc(inst) || mdk_counters64_alloc(inst) || mdk_gaps_alloc(inst) ||
	    mdk_edid_alloc(inst) || mdk_stats_alloc(inst) || mdk_migration_alloc(inst)) {
		mdk_inst_free(inst);
		return NULL;
	}
	mdk_inst_values_reset(inst);
	return inst;
}

static void mdk_inst_fini(struct mdk_inst *inst)
{
	mdk_phase_set(inst, MDK_PHASE_FINI);
	mdk_call_void(mdk_inst_ops(inst)->fini, inst, "fini");
}

/* Joins the host's list before ops.init, so that mdk_gone() waits for an init under way. */
static int mdk_inst_init(struct mdk_inst *inst)
{
	int ret;

	mdk_inst_unmap_init(inst);
	ret = mdk_inst_pins_alloc(inst) ?: mdk_works_alloc(inst) ?: mdk_rings_create(inst) ?:
	      mdk_migration_init(inst) ?: mdk_inst_join(inst);
	if (ret)
		return ret;
	mutex_lock(&inst->entry);
	if (READ_ONCE(inst->fenced))
		ret = inst->gone ? -ENODEV : -EAGAIN;
	else
		ret = mdk_call(mdk_inst_ops(inst)->init, inst, "init");
	if (!ret)
		mdk_phase_set(inst, MDK_PHASE_IDLE);
	mutex_unlock(&inst->entry);
	if (ret)
		mdk_inst_leave(inst);
	return ret;
}

static int mdk_inst_create(const struct mdk_plan *plan, struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdk_inst_alloc(plan);
	int ret;

	if (!inst)
		return -ENOMEM;
	inst->mdev = mdev;
	inst->name = dev_name(mdev_dev(mdev));
	mdev_set_drvdata(mdev, inst);
	ret = mdk_inst_init(inst);
	if (ret) {
		mdk_endings_run(inst, MDK_UNTIL_REMOVE);
		mdk_inst_free(inst);
		return ret;
	}
	mdk_debugfs_add(inst);
	return 0;
}

int mdk_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct mdk_host *host = mdk_host_of(mdev_parent_dev(mdev));
	const struct mdk_plan *plan = mdk_plan_by_kobj(host, kobj);
	int ret;

	if (!plan)
		return -EINVAL;
	ret = mdk_budget_take(host, plan->type, mdev);
	if (ret)
		return ret;
	ret = mdk_inst_create(plan, mdev);
	if (ret)
		mdk_budget_give(host, plan->type);
	return ret;
}

int mdk_remove(struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	const struct mdk_plan *plan = inst->plan;

	mdk_inst_wait_reset(inst);
	mdk_debugfs_remove(inst);
	mdk_inst_leave(inst);
	mdk_inst_fini(inst);
	mdk_endings_run(inst, MDK_UNTIL_REMOVE);
	mdk_inst_free(inst);
	mdk_budget_give(plan->host, plan->type);
	return 0;
}

/* RAM that an earlier user exported as dma-bufs: -EBUSY while one is held; then it is cleared. */
static int mdk_inst_reclaim(struct mdk_inst *inst)
{
	bool were = false;
	u32 i;

	if (mdk_ram_exported(inst, &were))
		return -EBUSY;
	if (!were)
		return 0;
	for (i = 0; i < MDK_NR_SLOTS; i++)
		mdk_ram_unshare(inst, i, true);
	mdk_inst_reset(inst, true);
	return 0;
}

/* Under mdk_inst.entry, which mdk_gone() takes to wait for an open under way. */
static int mdk_inst_open(struct mdk_inst *inst)
{
	struct mdev_device *mdev = inst->mdev;
	int ret;

	lockdep_assert_held(&inst->entry);
	if (READ_ONCE(inst->gone)) {
		dev_info_ratelimited(mdev_dev(mdev), "open: the hardware behind the device is gone; remove the device, and create it again when the driver has its hardware back [K53]\n");
		return -ENODEV;
	}
	if (READ_ONCE(inst->fenced)) {
		dev_info_ratelimited(mdev_dev(mdev), "open: the parent sleeps or is being reset; open the device again when it is back [K91]\n");
		return -EAGAIN;
	}
	ret = mdk_inst_reclaim(inst);
	if (ret) {
		dev_info_ratelimited(mdev_dev(mdev), "open: a dma-buf of an earlier user is still held; end its holder, or remove the device and create it again [K54]\n");
		return ret;
	}
	/* What the driver set while nobody had it open is no news; a cause's bit can be read. */
	mdk_irqs_intx_set(inst->irqs, false);
	mdk_causes_follow(inst);
	mdk_phase_set(inst, MDK_PHASE_OPEN);
	mdk_works_start(inst);
	ret = mdk_call(mdk_inst_ops(inst)->open, inst, "open");
	if (ret) {
		mdk_works_drain(inst);
		mdk_endings_run(inst, MDK_UNTIL_CLOSE);
		mdk_phase_set(inst, MDK_PHASE_IDLE);
		return ret;
	}
	inst->was_open = true;
	mdk_count(inst, MDK_COUNT_OPENS);
	trace_mdk_state(inst->name, "open");
	return 0;
}

int mdk_open(struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	int ret;

	mutex_lock(&inst->entry);
	ret = mdk_inst_open(inst);
	mutex_unlock(&inst->entry);
	return ret;
}

/* The next user finds nothing of this one. */
void mdk_close(struct mdev_device *mdev)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);

	/* A worker may be in a copy whose page fault is served only after this close: cancel it. */
	wake_up_all(&inst->cancel.wait);
	mdk_works_drain(inst);
	mdk_call_void(mdk_inst_ops(inst)->close, inst, "close");
	mdk_irqs_disable(inst->irqs);
	mdk_endings_run(inst, MDK_UNTIL_CLOSE);
	mdk_phase_set(inst, MDK_PHASE_IDLE);
	/* The reset that an unmap asked for; from now on there is no unmap. */
	cancel_work_sync(&inst->stop.work);
	mdk_inst_reset(inst, true);
	mdk_migration_close(inst);
	trace_mdk_state(inst->name, "close");
}

/* Somebody waits for this instance, to remove it or its parent: ask its user to close it. */
void mdk_request(struct mdev_device *mdev, unsigned int count)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);

	mdk_irqs_trigger(inst->irqs, MDK_IRQ_REQ, 0);
}
