/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * At registration a model is checked and compiled into a plan for each type, so that an access
 * finds its register by two array lookups. An instance is plan + values.
 */
#ifndef MDK_PLAN_H
#define MDK_PLAN_H

#include "desc.h"
#include "slot.h"

struct mdk_host;

/**
 * struct mdk_plan - the compiled form of one type of a model
 * @host: the registered model; not used in this folder
 * @desc: the model
 * @type: the type
 * @regions: the type's own or the model's
 * @nr_regions: entries of @regions
 * @slots: by region index
 * @void_slots: once the hardware is gone: reads are all-ones, no callback is called
 * @pause_slots: while the hardware is away: likewise, except RAM and configuration space
 * @nr_slots: region indexes that VFIO is told of
 * @nr_vals: registers of all slots
 * @nr_msix: words of the MSI-X table
 * @messages: a bit for each enum mdk_irq_index whose vectors bus mastering lets through
 * @config: masks of the configuration space
 */
struct mdk_plan {
	struct mdk_host *host;
	const struct mdk_desc *desc;
	const struct mdk_type *type;
	const struct mdk_region *regions;
	u32 nr_regions;
	struct mdk_slot slots[MDK_NR_SLOTS];
	struct mdk_slot void_slots[MDK_NR_SLOTS];
	struct mdk_slot pause_slots[MDK_NR_SLOTS];
	u32 nr_slots;
	u32 nr_vals;
	u32 nr_msix;
	unsigned long messages;
	struct mdk_config_map *config;
};

/**
 * struct mdk_answers - the ops that answer accesses
 * @kinds: by enum mdk_region_kind, 0 for configuration space; NULL for RAM, which is copied
 * @msix_ram: for RAM with the MSI-X table or its pending bits in it
 * @nobody: while the hardware is gone or away
 */
struct mdk_answers {
	const struct mdk_slot_ops *kinds[MDK_REGION_KIND_HW + 1];
	const struct mdk_slot_ops *msix_ram;
	const struct mdk_slot_ops *nobody;
};

static inline const struct mdk_reg *mdk_plan_reg(const struct mdk_plan *plan,
						 const struct mdk_region *region, u32 i)
{
	return (const void *)((const char *)region->regs + i * plan->desc->reg_size);
}

static inline const struct mdk_region *mdk_plan_region(const struct mdk_plan *plan, u32 i)
{
	return (const void *)((const char *)plan->regions + i * plan->desc->region_size);
}

void mdk_plan_init(struct mdk_plan *plan, const struct mdk_desc *desc, const struct mdk_type *type);

/* For a checked plan: entries of a register table's map; bytes of the configuration space. */
u32 mdk_plan_map_size(const struct mdk_plan *plan, const struct mdk_region *region);
u32 mdk_plan_config_size(const struct mdk_plan *plan);

/* The caller has allocated, zeroed, the map of each register table and the plan's @config. */
void mdk_plan_compile(struct mdk_plan *plan, const struct mdk_answers *answers);

#endif /* MDK_PLAN_H */
