// SPDX-License-Identifier: GPL-2.0-only
/* Compiles a checked model into plans, by which accesses find their registers. */
#include "plain.h"
#include "plan.h"

void mdk_plan_init(struct mdk_plan *plan, const struct mdk_desc *desc, const struct mdk_type *type)
{
	const struct mdk_config_spec spec = mdk_desc_config_spec(desc, type);

	plan->desc = desc;
	plan->type = type;
	plan->regions = spec.regions;
	plan->nr_regions = spec.nr_regions;
}

u32 mdk_plan_map_size(const struct mdk_plan *plan, const struct mdk_region *region)
{
	const struct mdk_reg *reg;
	u32 i, end, span = 0;

	for (i = 0; i < region->nr_regs; i++) {
		reg = mdk_plan_reg(plan, region, i);
		end = reg->offset + 4 + (mdk_desc_count(plan->desc, reg) - 1) *
					mdk_desc_stride(plan->desc, reg);
		if (end > span)
			span = end;
	}
	return span / 4;
}

u64 mdk_plan_nr_vals(const struct mdk_plan *plan, const struct mdk_region *region)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < region->nr_regs; i++)
		nr += mdk_desc_count(plan->desc, mdk_plan_reg(plan, region, i));
	return nr;
}

u32 mdk_plan_config_size(const struct mdk_plan *plan)
{
	const struct mdk_config_spec spec = mdk_desc_config_spec(plan->desc, plan->type);

	return mdk_config_size(&spec);
}

static bool mdk_reg_needs_element(const struct mdk_desc *desc, const struct mdk_reg *reg)
{
	return mdk_desc_count(desc, reg) > 1 || mdk_desc_resets(desc, reg) ||
	       mdk_desc_reads(desc, reg) != !!reg->read ||
	       mdk_desc_writes(desc, reg) != !!reg->written;
}

u32 mdk_plan_nr_elements(const struct mdk_plan *plan, const struct mdk_region *region)
{
	u32 i, nr = mdk_plan_nr_vals(plan, region);

	for (i = 0; i < plan->desc->model->nr_causes; i++)
		if (mdk_desc_cause(plan->desc, i)->region == region->index)
			return nr;
	if (mdk_plan_region_has_rings(plan, region->index))
		return nr;
	for (i = 0; i < region->nr_regs; i++)
		if (mdk_reg_needs_element(plan->desc, mdk_plan_reg(plan, region, i)))
			return nr;
	return 0;
}

/* Regions */

static u16 mdk_map_entry(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 i,
			 bool first)
{
	bool stored = !mdk_desc_reads(desc, reg) && reg->kind != MDK_REG_KIND_RC &&
		      reg->kind != MDK_REG_KIND_COUNTER64;
	bool plain = first && reg->kind == MDK_REG_KIND_RW && !mdk_desc_writes(desc, reg) &&
		     !mdk_desc_resets(desc, reg);

	return (i + 1) | (stored ? MDK_MAP_STORED : 0) | (plain ? MDK_MAP_PLAIN : 0);
}

static u16 mdk_element_flags(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 index)
{
	u16 flags = 0;

	if (mdk_desc_resets(desc, reg))
		flags |= MDK_ELEMENT_RESETS;
	if (mdk_desc_has_sets(desc) && reg->read_at)
		flags |= MDK_ELEMENT_READ_AT;
	if (mdk_desc_has_sets(desc) && reg->written_at)
		flags |= MDK_ELEMENT_WRITTEN_AT;
	if (reg->kind == MDK_REG_KIND_COUNTER64)
		flags |= index ? MDK_ELEMENT_HIGH : MDK_ELEMENT_LOW;
	return flags;
}

/* The registers of one row. @next: number of the first that is behind the last row. */
static void mdk_slot_compile_row(struct mdk_plan *plan, struct mdk_slot *slot, u32 row, u32 *next)
{
	const struct mdk_reg *reg = mdk_slot_reg(slot, row);
	u32 stride = mdk_desc_stride(plan->desc, reg), index, i;

	for (index = 0; index < mdk_desc_count(plan->desc, reg); index++) {
		i = index ? (*next)++ : row;
		slot->map[(reg->offset + index * stride) / 4] =
			mdk_map_entry(plan->desc, reg, i, !index);
		if (slot->elements)
			slot->elements[i] = (struct mdk_element){
				.row = row,
				.index = index,
				.flags = mdk_element_flags(plan->desc, reg, index),
				.counter = plan->nr_counters64,
			};
	}
	plan->nr_counters64 += reg->kind == MDK_REG_KIND_COUNTER64;
}

/* Where a guest reads the EDID; how much there can be. */
static void mdk_plan_compile_edid_reg(struct mdk_plan *plan, const struct mdk_slot *slot,
				      const struct mdk_reg *reg)
{
	plan->edid_slot = slot->region->index;
	plan->edid_offset = reg->offset;
	plan->edid_words = reg->count;
}

struct mdk_element *mdk_plan_mark(struct mdk_plan *plan, u32 region, u32 offset, u16 flag)
{
	struct mdk_slot *slot = &plan->slots[region];
	struct mdk_element *element = &slot->elements[mdk_plan_number(plan, region, offset)];

	slot->map[offset / 4] &= ~MDK_MAP_PLAIN;
	element->flags |= flag;
	return element;
}

static void mdk_slot_compile_regs(struct mdk_plan *plan, struct mdk_slot *slot)
{
	const struct mdk_region *region = slot->region;
	u32 i, next = region->nr_regs;

	slot->regs = region->regs;
	slot->reg_size = plan->desc->reg_size;
	slot->nr_map = mdk_plan_map_size(plan, region);
	for (i = 0; i < region->nr_regs; i++) {
		mdk_slot_compile_row(plan, slot, i, &next);
		if (mdk_slot_reg(slot, i)->kind == MDK_REG_KIND_EDID)
			mdk_plan_compile_edid_reg(plan, slot, mdk_slot_reg(slot, i));
	}
	if (slot->valid.min <= 4 && slot->valid.max >= 4)
		slot->nr_fast = slot->nr_map;
	slot->first_val = plan->nr_vals;
	slot->nr_vals = next;
	plan->nr_vals += next;
}

static u32 mdk_slot_flags(const struct mdk_region *region)
{
	u32 flags = MDK_SLOT_READ | MDK_SLOT_WRITE;

	if (region->kind == MDK_REGION_KIND_CALLBACK && !region->ops->write)
		flags &= ~MDK_SLOT_WRITE;
	if (region->flags & MDK_READONLY)
		flags &= ~MDK_SLOT_WRITE;
	if (region->flags & MDK_MMAP)
		flags |= MDK_SLOT_MMAP;
	return flags;
}

static struct mdk_widths mdk_widths_default(struct mdk_widths widths)
{
	return (struct mdk_widths){
		.min = widths.min ? widths.min : 1,
		.max = widths.max ? widths.max : 8,
	};
}

static void mdk_slot_compile(struct mdk_plan *plan, const struct mdk_region *region,
			     const struct mdk_answers *answers)
{
	struct mdk_slot *slot = &plan->slots[region->index];

	slot->region = region;
	slot->size = region->size;
	slot->kind = region->kind;
	slot->flags = mdk_slot_flags(region);
	slot->valid = mdk_widths_default(region->valid);
	slot->impl = mdk_widths_default(region->impl);
	slot->ops = answers->kinds[region->kind];
	if (plan->nr_slots <= region->index)
		plan->nr_slots = region->index + 1;
	if (region->kind == MDK_REGION_KIND_REGS)
		mdk_slot_compile_regs(plan, slot);
	if (region->kind == MDK_REGION_KIND_EDID)
		plan->edid_max = MDK_EDID_MAX;
}

/* Configuration space */

/* Only MSI and MSI-X with a capability: without one no guest controls them. */
static unsigned long mdk_plan_messages(const struct mdk_config_spec *spec)
{
	unsigned long indexes = 0;

	if (mdk_spec_find(spec, MDK_CAP_KIND_MSI))
		indexes |= BIT(MDK_IRQ_MSI);
	if (mdk_spec_find(spec, MDK_CAP_KIND_MSIX))
		indexes |= BIT(MDK_IRQ_MSIX);
	return indexes;
}

/* RAM with the table or the pending bits in it is accessed in steps; other RAM is copied. */
static struct mdk_slot *mdk_msix_slot(struct mdk_plan *plan, const struct mdk_bar_part *win,
				      const struct mdk_answers *answers)
{
	struct mdk_slot *slot = &plan->slots[win->bar];

	if (slot->kind == MDK_REGION_KIND_RAM)
		slot->ops = answers->msix_ram;
	return slot;
}

static void mdk_plan_compile_msix(struct mdk_plan *plan, const struct mdk_config_spec *spec,
				  const struct mdk_answers *answers)
{
	const struct mdk_cap *cap = mdk_spec_find(spec, MDK_CAP_KIND_MSIX);
	struct mdk_bar_part table, pba;

	if (!cap)
		return;
	table = mdk_msix_table(spec, cap);
	pba = mdk_msix_pba(spec, cap);
	plan->nr_msix = table.size / 4;
	mdk_msix_slot(plan, &table, answers)->msix_table =
		(struct mdk_span){ table.offset, table.size };
	mdk_msix_slot(plan, &pba, answers)->msix_pba = (struct mdk_span){ pba.offset, pba.size };
}

static void mdk_plan_compile_config(struct mdk_plan *plan, const struct mdk_answers *answers)
{
	const struct mdk_config_spec spec = mdk_desc_config_spec(plan->desc, plan->type);
	struct mdk_slot *slot = &plan->slots[MDK_INDEX_CONFIG];

	mdk_config_build(&spec, plan->config);
	mdk_plan_compile_msix(plan, &spec, answers);
	plan->messages = mdk_plan_messages(&spec);
	slot->size = mdk_config_size(&spec);
	slot->flags = MDK_SLOT_READ | MDK_SLOT_WRITE;
	slot->ops = plan->config->any_live ? answers->config_live : answers->kinds[0];
	if (plan->config->window != MDK_CONFIG_NOWHERE)
		slot->ops = answers->config_window;
	slot->valid = (struct mdk_widths){ .min = 1, .max = 4 };
}

/* The hardware is away */

static void mdk_plan_void(struct mdk_plan *plan, const struct mdk_answers *answers)
{
	u32 i;

	memcpy(plan->void_slots, plan->slots, sizeof(plan->void_slots));
	for (i = 0; i < MDK_NR_SLOTS; i++) {
		plan->void_slots[i].ops = answers->nobody;
		plan->void_slots[i].nr_fast = 0;
	}
}

/* Memory, configuration space and monitor are the SDK's own and need no hardware. */
static bool mdk_slot_stays(const struct mdk_slot *slot)
{
	return !slot->kind || slot->kind == MDK_REGION_KIND_RAM ||
	       slot->kind == MDK_REGION_KIND_EDID;
}

static void mdk_plan_pause(struct mdk_plan *plan)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		plan->pause_slots[i] = mdk_slot_stays(&plan->slots[i]) ? plan->slots[i] :
									 plan->void_slots[i];
}

void mdk_plan_compile(struct mdk_plan *plan, const struct mdk_answers *answers)
{
	u32 i;

	plan->nr_slots = MDK_OWN_INDEX;
	for (i = 0; i < plan->nr_regions; i++)
		mdk_slot_compile(plan, mdk_plan_region(plan, i), answers);
	if (plan->edid_words)
		plan->edid_max = 4 * plan->edid_words;
	mdk_plan_compile_config(plan, answers);
	mdk_plan_compile_causes(plan);
	mdk_plan_compile_rings(plan);
	mdk_plan_void(plan, answers);
	mdk_plan_pause(plan);
}
