// SPDX-License-Identifier: GPL-2.0-only
/* The plans of a registered model: their memory and their slot ops. The rest: model/plan.c. */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "model/check.h"
#include "model/plan.h"
#include "run/access/callbacks.h"
#include "run/access/edid.h"
#include "run/access/hardware.h"
#include "run/access/msix.h"
#include "run/access/nobody.h"
#include "run/access/registers.h"
#include "run/instance/host.h"
#include "config_store.h"
#include "plans.h"

static const struct mdk_answers mdk_answers = {
	.kinds = {
		[0] = &mdk_config_slot_ops,
		[MDK_REGION_KIND_REGS] = &mdk_regs_slot_ops,
		[MDK_REGION_KIND_CALLBACK] = &mdk_callback_slot_ops,
		[MDK_REGION_KIND_HW] = &mdk_hw_slot_ops,
		[MDK_REGION_KIND_EDID] = &mdk_edid_slot_ops,
	},
	.config_live = &mdk_config_live_slot_ops,
	.config_window = &mdk_config_window_slot_ops,
	.msix_ram = &mdk_msix_ram_slot_ops,
	.nobody = &mdk_void_slot_ops,
};

static int mdk_plan_alloc_map(struct mdk_plan *plan, const struct mdk_region *region)
{
	struct mdk_slot *slot = &plan->slots[region->index];
	u32 nr_elements = mdk_plan_nr_elements(plan, region);

	slot->map = kvcalloc(mdk_plan_map_size(plan, region), sizeof(*slot->map), GFP_KERNEL);
	if (!slot->map)
		return -ENOMEM;
	if (!nr_elements)
		return 0;
	slot->elements = kvcalloc(nr_elements, sizeof(*slot->elements), GFP_KERNEL);
	return slot->elements ? 0 : -ENOMEM;
}

static int mdk_plan_alloc_causes(struct mdk_plan *plan)
{
	u32 nr = plan->desc->model->nr_causes;

	if (!nr)
		return 0;
	plan->cause_sets = kvcalloc(nr, sizeof(*plan->cause_sets), GFP_KERNEL);
	return plan->cause_sets ? 0 : -ENOMEM;
}

static int mdk_plan_alloc_rings(struct mdk_plan *plan)
{
	u64 nr = mdk_desc_nr_rings(plan->desc);

	if (!nr)
		return 0;
	plan->rings = kvcalloc(nr, sizeof(*plan->rings), GFP_KERNEL);
	return plan->rings ? 0 : -ENOMEM;
}

static int mdk_plan_alloc_config(struct mdk_plan *plan)
{
	u32 nr_words = mdk_plan_config_size(plan) / 4;

	plan->config = kvzalloc(struct_size(plan->config, words, nr_words), GFP_KERNEL);
	return plan->config ? 0 : -ENOMEM;
}

static int mdk_plan_alloc(struct mdk_plan *plan)
{
	const struct mdk_region *region;
	int ret = 0;
	u32 i;

	for (i = 0; i < plan->nr_regions && !ret; i++) {
		region = mdk_plan_region(plan, i);
		if (region->kind == MDK_REGION_KIND_REGS)
			ret = mdk_plan_alloc_map(plan, region);
	}
	return ret ?: mdk_plan_alloc_causes(plan) ?: mdk_plan_alloc_rings(plan) ?:
	       mdk_plan_alloc_config(plan);
}

static void mdk_plan_free(struct mdk_plan *plan)
{
	u32 i;

	kvfree(plan->config);
	kvfree(plan->cause_sets);
	kvfree(plan->rings);
	for (i = 0; i < MDK_NR_SLOTS; i++) {
		kvfree(plan->slots[i].elements);
		kvfree(plan->slots[i].map);
	}
}

static void mdk_host_budgets(struct mdk_host *host)
{
	u32 i;

	host->nr_budgets = mdk_desc_nr_budgets(&host->desc);
	for (i = 0; i < host->nr_budgets; i++)
		host->budgets[i].units = mdk_desc_budget(&host->desc, i).units;
}

static int mdk_plan_make(struct mdk_plan *plan)
{
	int ret = mdk_plan_alloc(plan);

	if (!ret)
		mdk_plan_compile(plan, &mdk_answers);
	return ret;
}

/* Types often have the regions in common, and so their faults. */
static bool mdk_plan_is_new(const struct mdk_host *host, u32 i)
{
	u32 j = 0;

	while (j < i && (host->plans[j].regions != host->plans[i].regions ||
			 host->plans[j].nr_regions != host->plans[i].nr_regions))
		j++;
	return j == i;
}

/* Names all faults, of the model and of each type. Return: how many. */
static int mdk_plans_check(struct mdk_host *host)
{
	int bad = mdk_desc_check(&host->desc);
	u32 i;

	for (i = 0; i < host->nr_plans; i++) {
		host->plans[i].host = host;
		mdk_plan_init(&host->plans[i], &host->desc, mdk_desc_type(&host->desc, i));
		if (mdk_plan_is_new(host, i))
			bad += mdk_plan_check(&host->plans[i]);
	}
	return bad;
}

int mdk_plans_make(struct mdk_host *host)
{
	int ret = 0;
	u32 i;

	host->plans = kvcalloc(host->model.nr_types, sizeof(*host->plans), GFP_KERNEL);
	if (!host->plans)
		return -ENOMEM;
	host->nr_plans = host->model.nr_types;
	if (mdk_plans_check(host))
		return -EINVAL;
	mdk_host_budgets(host);
	for (i = 0; i < host->nr_plans && !ret; i++)
		ret = mdk_plan_make(&host->plans[i]);
	return ret;
}

void mdk_plans_free(struct mdk_host *host)
{
	u32 i;

	for (i = 0; i < host->nr_plans; i++)
		mdk_plan_free(&host->plans[i]);
	kvfree(host->plans);
}
