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
 * @host: whose; not looked at in this room
 * @desc: the model
 * @type: the type
 * @regions: the type's own or the model's
 * @nr_regions: entries of @regions
 * @slots: by region index
 * @void_slots: the same once the hardware is gone: all-ones, and nobody is asked
 * @pause_slots: while it is away: all-ones but for what the SDK keeps by itself
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
 * struct mdk_answers - who answers accesses
 * @kinds: by enum mdk_region_kind, 0 for configuration space; NULL for memory, which is copied
 * @msix_ram: to memory with the MSI-X table or its pending bits in it
 * @nobody: once the hardware is gone
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

/* Of a checked plan: how many entries the map of a register table has, and its space's bytes. */
u32 mdk_plan_map_size(const struct mdk_plan *plan, const struct mdk_region *region);
u32 mdk_plan_config_size(const struct mdk_plan *plan);

/* Each register table's slot has its map, and the plan its @config: zeroed, of these sizes. */
void mdk_plan_compile(struct mdk_plan *plan, const struct mdk_answers *answers);

#endif /* MDK_PLAN_H */
