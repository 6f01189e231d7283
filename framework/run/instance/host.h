/* SPDX-License-Identifier: GPL-2.0-only */
/* A registered model, and its parent device: what its instances have in common. */
#ifndef MDK_HOST_H
#define MDK_HOST_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/srcu.h>
#include <linux/wait.h>

#include <mdk/driver.h>

#include "model/plan.h"

struct mdk_attr_set;
struct mdk_inst;

/**
 * struct mdk_host - a registered model
 * @model: our copy of the vendor's struct
 * @ops: our copy of the vendor's ops
 * @display: our copy of the vendor's display; without .scanout there is none
 * @reg: ABI and struct sizes that the vendor's module was compiled with
 * @desc: these four, as the files of model/ take them
 * @obeys: its instances do no DMA and send no message while bus mastering is off
 * @plans: one for each type
 * @nr_plans: entries of @plans
 * @class: of a virtual parent; gives the types their prefix. NULL on a real one
 * @dev: the parent
 * @data: of the driver, given with a real parent
 * @link: in the list of hosts on real parents
 * @budget_lock: guards the units in use of @budgets
 * @budgets: what the types share
 * @nr_budgets: entries of @budgets in use, at least one
 * @groups: type groups for the core, NULL-terminated
 * @inst_attrs: the model's files of each instance
 * @parent_attrs: and of the parent
 * @insts_lock: guards the list, @gone and @paused; see run/fence.h
 * @insts: instances, by @host_link
 * @gone: of mdk_gone(): there is no hardware any more
 * @paused: why the hardware is away for now, see run/pause.c; unused once @gone
 * @gone_lock: held by mdk_gone() and the calls that pause and resume, outside of @insts_lock
 * @gone_rounds: number of calls of mdk_insts_wait()
 * @awaited: the instance for which mdk_insts_wait() waits, without @insts_lock
 * @hw: sections of mdk_hw_enter()
 * @reset_by_register: what a register's .resets does, of run/power.c
 * @wait: for @awaited
 * @told: mistakes of the driver's callbacks that were printed already (vendor_checks.c)
 * @debugfs: its folder
 */
struct mdk_host {
	struct mdk_model model;
	struct mdk_ops ops;
	struct mdk_display display;
	struct mdk_registration reg;
	struct mdk_desc desc;
	bool obeys;
	struct mdk_plan *plans;
	u32 nr_plans;
	struct class *class;
	struct device *dev;
	void *data;
	struct list_head link;
	spinlock_t budget_lock;
	struct {
		u32 units;
		u32 used;
	} budgets[MDK_BUDGETS_MAX];
	u32 nr_budgets;
	struct attribute_group **groups;
	struct mdk_attr_set *inst_attrs;
	struct mdk_attr_set *parent_attrs;
	struct mutex insts_lock;
	struct list_head insts;
	bool gone;
	unsigned int paused;
	struct mutex gone_lock;
	unsigned int gone_rounds;
	struct mdk_inst *awaited;
	wait_queue_head_t wait;
	struct srcu_struct hw;
	void (*reset_by_register)(struct mdk_inst *inst);
	unsigned long told;
	struct dentry *debugfs;
};

/* On a real parent a pause or mdk_gone() must not wait for a guest: its pins can be cancelled. */
static inline bool mdk_host_is_real(const struct mdk_host *host)
{
	return !host->class;
}

#endif /* MDK_HOST_H */
