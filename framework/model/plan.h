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
 * struct mdk_vector - where a cause leads
 * @number: of the vector
 * @peers: causes of the same status register that lead there too, itself included
 */
struct mdk_vector {
	u16 number;
	u32 peers;
};

/* A place in mdk_inst.vals that is none. */
#define MDK_NO_VAL (~0U)

/**
 * struct mdk_gap_spec - moderation of a cause
 * @nr: number of the cause among those with moderation
 * @val: where in mdk_inst.vals the time is, or MDK_NO_VAL
 * @us: microseconds, or those of a unit of @val
 */
struct mdk_gap_spec {
	u32 nr;
	u32 val;
	u32 us;
};

/**
 * struct mdk_pick - where a guest says to which vector a cause leads
 * @val: in mdk_inst.vals
 * @bits: of it
 */
struct mdk_pick {
	u32 val;
	u32 bits;
};

/**
 * struct mdk_cause_set - the causes of one status register, compiled
 * @region: index of the region
 * @offset: of the status register
 * @status: where in mdk_inst.vals the status register is
 * @mask: likewise the mask register; the status register if there is none
 * @through: bits that no mask register holds back
 * @invert: bits of the mask register of which a one holds back
 * @bits: those with a row
 * @auto_mask: those that mask themselves
 * @picked: those whose vector the guest has picked
 * @moderated: those with moderation
 * @msi: by bit
 * @msix: by bit
 * @picks: by bit
 * @gaps: by bit
 */
struct mdk_cause_set {
	u32 region;
	u32 offset;
	u32 status;
	u32 mask;
	u32 through;
	u32 invert;
	u32 bits;
	u32 auto_mask;
	u32 picked;
	u32 moderated;
	struct mdk_vector msi[32];
	struct mdk_vector msix[32];
	struct mdk_pick picks[32];
	struct mdk_gap_spec gaps[32];
};

/* A number of a ring that is none. */
#define MDK_NO_RING U32_MAX

/**
 * struct mdk_ring_plan - a ring of a row, compiled; its registers by their place in mdk_inst.vals
 * @row: its row
 * @number: of the row
 * @index: among the rings of the row
 * @base: low half of the address, or MDK_NO_VAL
 * @base_high: high half, or MDK_NO_VAL
 * @size: likewise
 * @control: likewise
 * @bell: of the end that a guest moves
 * @done: of the end that the device moves, or MDK_NO_VAL
 * @state: likewise
 * @select: of the register that says whose registers are there, or MDK_NO_VAL
 * @to: number in mdk_plan.rings of the ring that gets the completions, or MDK_NO_RING
 */
struct mdk_ring_plan {
	const struct mdk_ring_row *row;
	u32 number;
	u32 index;
	u32 base;
	u32 base_high;
	u32 size;
	u32 control;
	u32 bell;
	u32 done;
	u32 state;
	u32 select;
	u32 to;
};

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
 * @nr_vals: registers of all slots, and behind them those that a guest selects
 * @nr_counters64: counters of all slots
 * @nr_msix: words of the MSI-X table
 * @messages: a bit for each enum mdk_irq_index whose vectors bus mastering lets through
 * @cause_sets: in the order of the model's rows
 * @nr_cause_sets: entries of @cause_sets
 * @nr_gaps: causes with moderation
 * @irqs: a bit for each enum mdk_irq_index that the model has
 * @rings: of all rows, in their order
 * @nr_rings: entries of @rings
 * @config: masks of the configuration space
 * @edid_max: bytes that the monitor's EDID may have; 0 without one
 * @edid_slot: index of the region in which a guest reads it
 * @edid_offset: where it begins there
 * @edid_words: as much of it as the guest can read; 0 if it reads it in another way
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
	u32 nr_counters64;
	u32 nr_msix;
	unsigned long messages;
	struct mdk_cause_set *cause_sets;
	u32 nr_cause_sets;
	u32 nr_gaps;
	unsigned long irqs;
	struct mdk_ring_plan *rings;
	u32 nr_rings;
	struct mdk_config_map *config;
	u32 edid_max;
	u32 edid_slot;
	u32 edid_offset;
	u32 edid_words;
};

/**
 * struct mdk_answers - the ops that answer accesses
 * @kinds: by enum mdk_region_kind, 0 for configuration space; NULL for RAM, which is copied
 * @config_live: for configuration space with bytes of the driver's state
 * @config_window: for one with virtio's window into a BAR
 * @msix_ram: for RAM with the MSI-X table or its pending bits in it
 * @nobody: while the hardware is gone or away
 */
struct mdk_answers {
	const struct mdk_slot_ops *kinds[MDK_REGION_KIND_EDID + 1];
	const struct mdk_slot_ops *config_live;
	const struct mdk_slot_ops *config_window;
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

/* Registers that the rows of a table make. */
u64 mdk_plan_nr_vals(const struct mdk_plan *plan, const struct mdk_region *region);

void mdk_plan_init(struct mdk_plan *plan, const struct mdk_desc *desc, const struct mdk_type *type);

/* For a checked plan: entries of a register table's map; bytes of the configuration space. */
u32 mdk_plan_map_size(const struct mdk_plan *plan, const struct mdk_region *region);
u32 mdk_plan_config_size(const struct mdk_plan *plan);

/* Likewise: entries of a register table's elements, 0 if it needs none. */
u32 mdk_plan_nr_elements(const struct mdk_plan *plan, const struct mdk_region *region);

/* The number, in its slot, of a register that the model has. */
static inline u32 mdk_plan_number(const struct mdk_plan *plan, u32 region, u32 offset)
{
	return (plan->slots[region].map[offset / 4] & MDK_MAP_NUMBER) - 1;
}

/* Where in mdk_inst.vals it is. */
static inline u32 mdk_plan_value(const struct mdk_plan *plan, u32 region, u32 offset)
{
	return plan->slots[region].first_val + mdk_plan_number(plan, region, offset);
}

/* A write of that register does more than its row alone says; @flag of its element says what. */
struct mdk_element *mdk_plan_mark(struct mdk_plan *plan, u32 region, u32 offset, u16 flag);

/* plan_causes.c: into what the caller has allocated, after the register tables. */
void mdk_plan_compile_causes(struct mdk_plan *plan);

/* plan_rings.c. What only the rings of all rows pin, in pages; 0 without rows. */
u64 mdk_desc_rings_pages(const struct mdk_desc *desc);
/* Number of the row of that name, U32_MAX for none. */
u32 mdk_ring_find(const struct mdk_desc *desc, const char *name);
/* Of all rows. */
u64 mdk_desc_nr_rings(const struct mdk_desc *desc);
/* Does a register of that region belong to a ring? */
bool mdk_plan_region_has_rings(const struct mdk_plan *plan, u32 region);
void mdk_plan_compile_rings(struct mdk_plan *plan);

/*
 * The caller has allocated, zeroed, the map of each register table and its elements, the plan's
 * @config, as many @cause_sets as the model has causes, and @rings.
 */
void mdk_plan_compile(struct mdk_plan *plan, const struct mdk_answers *answers);

#endif /* MDK_PLAN_H */
