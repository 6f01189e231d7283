// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the description of a device complete and free of conflicts? All faults are reported at once,
 * with both sides of a conflict and the way out.
 */
#include "check.h"
#include "fault.h"
#include "plain.h"

#define MDK_NAME_MAX 40
#define MDK_REGS_MAX 16382
#define MDK_BAR_MIN 16
#define MDK_BAR32_MAX (1ULL << 31)
#define MDK_IO_MIN 4
#define MDK_IO_MAX 256

static bool mdk_name_has(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool mdk_name_ok(const char *name)
{
	const char *c = name;

	if (!name || *name < 'a' || *name > 'z' || strlen(name) > MDK_NAME_MAX)
		return false;
	while (mdk_name_has(*c))
		c++;
	return !*c;
}

/* Registers */

static int mdk_check_reg(const struct mdk_plan *plan, const struct mdk_region *region,
			 const struct mdk_reg *reg)
{
	u64 last = reg->offset + (mdk_desc_count(plan->desc, reg) - 1ULL) *
					 mdk_desc_stride(plan->desc, reg);
	bool writes = mdk_desc_writes(plan->desc, reg);
	const char *name = reg->name ?: "(no name)";
	int bad = 0;

	if (!reg->name)
		bad += mdk_fault(plan->desc, "M1", "region '%s': the register at 0x%x has no name", region->name,
				 reg->offset);
	if (reg->offset & 3)
		bad += mdk_fault(plan->desc, "M2", "region '%s': register '%s' at 0x%x: offsets are multiples of 4",
				 region->name, name, reg->offset);
	if (last >= MDK_REGS_SPAN_MAX || last + 4 > region->size)
		bad += mdk_fault(plan->desc, "M3", "region '%s': register '%s' at 0x%x lies outside the region's 0x%llx bytes (at most 0x%x for registers)",
				 region->name, name, (u32)last, region->size, MDK_REGS_SPAN_MAX);
	if (reg->kind < MDK_REG_KIND_RO || reg->kind > MDK_REG_KIND_EDID)
		bad += mdk_fault(plan->desc, "M4", "region '%s': register '%s' has kind %d: use MDK_REG_RO, _RW, _W1C, _W1S, _WO, _RC or _RSVD",
				 region->name, name, reg->kind);
	if (reg->kind == MDK_REG_KIND_RW && !reg->mask)
		bad += mdk_fault(plan->desc, "M5", "region '%s': register '%s' is read-write and its mask lets no bit be written: make it MDK_REG_RO or set the mask",
				 region->name, name);
	if (reg->kind == MDK_REG_KIND_WO && !writes && !mdk_desc_resets(plan->desc, reg) &&
	    !mdk_rings_ring(plan, region->index, reg->offset))
		bad += mdk_fault(plan->desc, "M6", "region '%s': register '%s' is write-only and has no .written: nothing would see the write",
				 region->name, name);
	if (writes && (reg->kind == MDK_REG_KIND_RO || reg->kind == MDK_REG_KIND_RC ||
		       reg->kind == MDK_REG_KIND_RSVD || reg->kind == MDK_REG_KIND_COUNTER64))
		bad += mdk_fault(plan->desc, "M7", "region '%s': register '%s' drops writes and has .written, which never runs: make it MDK_REG_RW or _WO",
				 region->name, name);
	return bad + mdk_set_check(plan->desc, region, reg) +
	       mdk_bits_check(plan->desc, region, reg);
}

static int mdk_check_reg_twins(const struct mdk_plan *plan, const struct mdk_region *region, u32 i)
{
	const struct mdk_reg *reg = mdk_plan_reg(plan, region, i), *other;
	u32 j, offset;

	for (j = 0; j < i; j++) {
		other = mdk_plan_reg(plan, region, j);
		if (mdk_sets_meet(plan->desc, reg, other, &offset))
			return mdk_fault(plan->desc, "M8", "region '%s': registers '%s' and '%s' are both at 0x%x: move one",
					 region->name, other->name ?: "?", reg->name ?: "?",
					 offset);
	}
	return 0;
}

static int mdk_check_regs(const struct mdk_plan *plan, const struct mdk_region *region)
{
	int bad = 0;
	u64 nr = 0;
	u32 i;

	if (region->regs && region->nr_regs <= MDK_REGS_MAX)
		nr = mdk_plan_nr_vals(plan, region);
	if (!nr || nr > MDK_REGS_MAX)
		return mdk_fault(plan->desc, "M9", "region '%s' has %llu registers: 1 to %u are needed", region->name,
				 nr ? nr : region->nr_regs, MDK_REGS_MAX);
	for (i = 0; i < region->nr_regs; i++) {
		bad += mdk_check_reg(plan, region, mdk_plan_reg(plan, region, i));
		bad += mdk_check_reg_twins(plan, region, i);
	}
	return bad;
}

/* Regions */

static bool mdk_whole_pages(const struct mdk_desc *desc, u64 size)
{
	return !(size & (desc->page_size - 1));
}

static int mdk_check_ram(const struct mdk_plan *plan, const struct mdk_region *region)
{
	if (mdk_whole_pages(plan->desc, region->size))
		return 0;
	return mdk_fault(plan->desc, "M20", "region '%s': memory of 0x%llx bytes: a multiple of the page size 0x%lx is needed",
			 region->name, region->size, plan->desc->page_size);
}

static bool mdk_region_is_memory(const struct mdk_region *region)
{
	return region->kind == MDK_REGION_KIND_RAM || region->kind == MDK_REGION_KIND_HW;
}

/* Pages of the parent: only a real parent has some. */
static int mdk_check_hw(const struct mdk_plan *plan, const struct mdk_region *region)
{
	int bad = mdk_check_ram(plan, region);

	if (!plan->desc->real)
		bad += mdk_fault(plan->desc, "M160", "region '%s' shows pages of the parent, and a virtual parent has none: register with mdk_register_on() in the probe of the device's driver",
				 region->name);
	if (!plan->desc->ops->init)
		bad += mdk_fault(plan->desc, "M161", "region '%s' shows pages of the parent, and without ops.init nobody assigns them: set .init, which calls mdk_map_hw()",
				 region->name);
	return bad;
}

static int mdk_check_kind(const struct mdk_plan *plan, const struct mdk_region *region)
{
	int bad = 0;

	if (!mdk_region_is_memory(region) && region->flags & (MDK_MMAP | MDK_READONLY))
		bad += mdk_fault(plan->desc, "M21", "region '%s': MDK_MMAP and MDK_READONLY are for MDK_BAR_MEM and MDK_BAR_HW",
				 region->name);
	bad += mdk_stats_check(plan, region);
	switch (region->kind) {
	case MDK_REGION_KIND_REGS:
		return bad + mdk_check_regs(plan, region);
	case MDK_REGION_KIND_RAM:
		return bad + mdk_check_ram(plan, region);
	case MDK_REGION_KIND_HW:
		return bad + mdk_check_hw(plan, region);
	case MDK_REGION_KIND_EDID:
		return bad;
	case MDK_REGION_KIND_CALLBACK:
		if (!region->ops || !region->ops->read)
			bad += mdk_fault(plan->desc, "M22", "region '%s': .ops with a read callback is needed",
					 region->name);
		return bad;
	}
	return mdk_fault(plan->desc, "M23", "region '%s' has kind %d: use MDK_BAR_REGS, _MEM, _CALLBACK or _HW",
			 region->name, region->kind);
}

static u32 mdk_region_last_index(const struct mdk_region *region)
{
	return region->index + !!(region->flags & MDK_BAR64);
}

static int mdk_check_bar(const struct mdk_plan *plan, const struct mdk_region *region)
{
	bool io = region->flags & MDK_IO;
	int bad = 0;

	if (mdk_region_last_index(region) > MDK_INDEX_BAR5)
		bad += mdk_fault(plan->desc, "M24", "region '%s' takes index %u and %u: BARs are 0 to %u, and a MDK_BAR64 takes two",
				 region->name, region->index, mdk_region_last_index(region),
				 MDK_INDEX_BAR5);
	if (io && (region->flags & (MDK_BAR64 | MDK_PREFETCH) ||
		   mdk_region_is_memory(region)))
		bad += mdk_fault(plan->desc, "M25", "region '%s' is in I/O space: neither memory, 64 bits nor prefetchable is possible there",
				 region->name);
	if (!mdk_is_power_of_2(region->size) || region->size < (io ? MDK_IO_MIN : MDK_BAR_MIN) ||
	    (io && region->size > MDK_IO_MAX) ||
	    (region->size > MDK_BAR32_MAX && !(region->flags & MDK_BAR64)))
		bad += mdk_fault(plan->desc, "M26", "region '%s' of 0x%llx bytes: a BAR is a power of two, 0x%x or more in memory (above 2 GiB only with MDK_BAR64), 0x%x to 0x%x in I/O space",
				 region->name, region->size, MDK_BAR_MIN, MDK_IO_MIN, MDK_IO_MAX);
	return bad;
}

static int mdk_check_not_bar(const struct mdk_plan *plan, const struct mdk_region *region)
{
	int bad = 0;

	if (region->flags & (MDK_PREFETCH | MDK_BAR64 | MDK_IO))
		bad += mdk_fault(plan->desc, "M27", "region '%s' is no BAR: MDK_PREFETCH, MDK_BAR64 and MDK_IO mean nothing",
				 region->name);
	if (region->index == MDK_ROM_INDEX &&
	    (region->kind != MDK_REGION_KIND_RAM || !mdk_is_power_of_2(region->size) ||
	     region->size < SZ_4K || region->size > SZ_16M))
		bad += mdk_fault(plan->desc, "M28", "region '%s' of 0x%llx bytes: a ROM is memory, a power of two from 4 KiB to 16 MiB; use MDK_ROM",
				 region->name, region->size);
	return bad;
}

static bool mdk_widths_ok(struct mdk_widths widths)
{
	u8 min = widths.min ?: 1, max = widths.max ?: 8;

	return mdk_is_power_of_2(min) && mdk_is_power_of_2(max) && min <= max && max <= 8;
}

static int mdk_check_areas(const struct mdk_plan *plan, const struct mdk_region *region)
{
	const struct mdk_area *area;
	int bad = 0;
	u32 i;

	if (region->nr_areas && !(region->flags & MDK_MMAP))
		return mdk_fault(plan->desc, "M29", "region '%s' has areas to map but not MDK_MMAP", region->name);
	for (i = 0; i < region->nr_areas; i++) {
		area = &region->areas[i];
		if (!area->size || !mdk_whole_pages(plan->desc, area->offset | area->size) ||
		    area->offset > region->size || area->size > region->size - area->offset)
			bad += mdk_fault(plan->desc, "M30", "region '%s': area %u, 0x%llx bytes at 0x%llx: it must be of whole pages inside 0x%llx bytes",
					 region->name, i, area->size, area->offset, region->size);
	}
	return bad;
}

static int mdk_check_region(const struct mdk_plan *plan, const struct mdk_region *region)
{
	int bad = 0;

	if (!region->name)
		return mdk_fault(plan->desc, "M31", "the region of index %u has no name", region->index);
	if (!region->size || region->size > MDK_OFFSET_MASK ||
	    region->index >= MDK_NR_SLOTS || region->index == MDK_INDEX_CONFIG ||
	    region->index == MDK_INDEX_VGA)
		return mdk_fault(plan->desc, "M32", "region '%s': index %u, 0x%llx bytes: use MDK_BAR_*, MDK_ROM or MDK_OWN_*; the configuration space is the SDK's",
				 region->name, region->index, region->size);
	if (region->index <= MDK_INDEX_BAR5)
		bad += mdk_check_bar(plan, region);
	else
		bad += mdk_check_not_bar(plan, region);
	if (!mdk_widths_ok(region->valid) || !mdk_widths_ok(region->impl))
		bad += mdk_fault(plan->desc, "M33", "region '%s': widths are 1, 2, 4 or 8, and .min is not above .max",
				 region->name);
	return bad + mdk_check_areas(plan, region) + mdk_check_kind(plan, region);
}

static int mdk_check_region_clash(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_region *region = mdk_plan_region(plan, i), *other;
	int bad = 0;
	u32 j;

	for (j = 0; j < i; j++) {
		other = mdk_plan_region(plan, j);
		if (region->index <= mdk_region_last_index(other) &&
		    other->index <= mdk_region_last_index(region))
			bad += mdk_fault(plan->desc, "M34", "regions '%s' (index %u to %u) and '%s' (index %u to %u) overlap: move one",
					 other->name ?: "?", other->index,
					 mdk_region_last_index(other), region->name ?: "?",
					 region->index, mdk_region_last_index(region));
	}
	return bad;
}

/* Types and budgets, of the model */

static int mdk_check_type(const struct mdk_desc *desc, const struct mdk_type *type)
{
	u32 i, cost, total = 0, nr = mdk_desc_nr_budgets(desc);
	int bad = 0;

	if (!type->id || !*type->id || strchr(type->id, '/') || strlen(type->id) > MDK_NAME_MAX)
		return mdk_fault(desc, "M50", "a type has the id '%s': 1 to %d characters without '/' are needed",
				 type->id ?: "", MDK_NAME_MAX);
	for (i = 0; i < nr; i++) {
		const struct mdk_budget budget = mdk_desc_budget(desc, i);

		cost = mdk_type_cost(type, i);
		total |= cost;
		if (cost > budget.units)
			bad += mdk_fault(desc, "M51", "type '%s' costs %u of the %u units of budget '%s': not even one would fit",
					 type->id, cost, budget.units, budget.name);
	}
	if (!total)
		bad += mdk_fault(desc, "M52", "type '%s' costs nothing, so there would be no end of it: set .cost and the model's .budget",
				 type->id);
	return bad;
}

static int mdk_check_type_twins(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_type *type = mdk_desc_type(desc, i), *other;
	u32 j;

	for (j = 0; type->id && j < i; j++) {
		other = mdk_desc_type(desc, j);
		if (other->id && !strcmp(other->id, type->id))
			return mdk_fault(desc, "M53", "types %u and %u have the same id '%s': rename one", j,
					 i, type->id);
	}
	return 0;
}

/* Interrupts, of the model */

static u32 mdk_irq_count_max(enum mdk_irq_index index)
{
	if (index == MDK_IRQ_MSIX)
		return MDK_IRQ_VECTORS_MAX;
	return index == MDK_IRQ_MSI ? 32 : 1;
}

static int mdk_check_irq(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_irq *irq = &desc->model->irqs[i];
	u32 j;

	if (irq->index >= MDK_NR_IRQ_INDEXES)
		return mdk_fault(desc, "M60", "interrupt %u has index %u: use MDK_INTX, _MSI, _MSIX or _ERR", i,
				 irq->index);
	if (!irq->count || irq->count > mdk_irq_count_max(irq->index) ||
	    (irq->index == MDK_IRQ_MSI && !mdk_is_power_of_2(irq->count)))
		return mdk_fault(desc, "M61", "interrupt index %u has %u vectors: 1 to %u are possible, for MSI a power of two",
				 irq->index, irq->count, mdk_irq_count_max(irq->index));
	for (j = 0; j < i; j++)
		if (desc->model->irqs[j].index == irq->index)
			return mdk_fault(desc, "M62", "interrupts %u and %u both have index %u: merge them", j, i,
					 irq->index);
	return 0;
}

/* The display needs a RAM region that can be mapped, in each type. */
static int mdk_check_display(const struct mdk_plan *plan)
{
	const struct mdk_display *display = plan->desc->display;
	const struct mdk_region *region;
	u32 i;

	if (!plan->desc->model->display)
		return 0;
	if (!display->scanout)
		return mdk_fault(plan->desc, "M146", "the display has no .scanout: nothing would say where the picture lies");
	for (i = 0; i < plan->nr_regions; i++) {
		region = mdk_plan_region(plan, i);
		if (region->index == display->region && region->kind == MDK_REGION_KIND_RAM &&
		    region->flags & MDK_MMAP && !(region->flags & MDK_STATS) &&
		    !region->nr_areas)
			return 0;
	}
	return mdk_fault(plan->desc, "M147", "type '%s': the display shows region %u, which is no memory region with MDK_MMAP and without areas: make it one",
			 plan->type->id, display->region);
}

int mdk_desc_check(const struct mdk_desc *desc)
{
	const struct mdk_model *model = desc->model;
	int bad = 0;
	u32 i;

	if (!mdk_name_ok(model->name))
		bad += mdk_fault(desc, "M70", "the name must match [a-z][a-z0-9_]* and have at most %d characters",
				 MDK_NAME_MAX);
	if (!model->pci.vendor || model->pci.vendor == 0xffff)
		bad += mdk_fault(desc, "M71", "PCI vendor 0x%04x: no guest would see the device; set .pci = MDK_PCI(vendor, device, class)",
				 model->pci.vendor);
	if (!model->nr_types)
		bad += mdk_fault(desc, "M72", "no type: nobody could create an instance; set MDK_TYPES(...)");
	if (model->nr_budgets > MDK_BUDGETS_MAX)
		return mdk_fault(desc, "M73", "%u budgets: at most %d are possible", model->nr_budgets,
				 MDK_BUDGETS_MAX);
	if (model->state_size && !desc->ops->reset)
		bad += mdk_fault(desc, "M74", "%zu bytes of state without ops.reset: the next user would find what the last one left there; set .reset",
				 model->state_size);
	if (desc->ops->quiesce && !desc->ops->reset)
		bad += mdk_fault(desc, "M75", "ops.quiesce without ops.reset: a device that cannot be stopped must be reset; set both");
	if (desc->ops->quiesce && !model->pin_pages)
		bad += mdk_fault(desc, "M76", "ops.quiesce without .pin_pages: it pins nothing, so quiesce would never be called; set .pin_pages");
	for (i = 0; i < model->nr_types; i++)
		bad += mdk_check_type(desc, mdk_desc_type(desc, i)) + mdk_check_type_twins(desc, i);
	for (i = 0; i < model->nr_irqs; i++)
		bad += mdk_check_irq(desc, i);
	bad += mdk_attrs_check(desc, model->attrs, model->nr_attrs);
	bad += mdk_attrs_check(desc, model->parent_attrs, model->nr_parent_attrs);
	bad += mdk_rings_check(desc) + mdk_params_check(desc);
	return bad + mdk_saves_check(desc);
}

int mdk_plan_check(const struct mdk_plan *plan)
{
	const struct mdk_config_spec spec = mdk_desc_config_spec(plan->desc, plan->type);
	int bad = mdk_config_check(&spec);
	u32 i;

	if (!plan->nr_regions)
		bad += mdk_fault(plan->desc, "M77", "type '%s' has no region: set MDK_REGIONS(...) in the model or .regions in the type",
				 plan->type->id);
	for (i = 0; i < plan->nr_regions; i++)
		bad += mdk_check_region(plan, mdk_plan_region(plan, i)) +
		       mdk_check_region_clash(plan, i);
	bad += mdk_check_display(plan) + mdk_edid_check(plan);
	bad += mdk_rings_check_regs(plan);
	return bad + mdk_causes_check(plan);
}
