// SPDX-License-Identifier: GPL-2.0-only
/* From a checked model to what an access needs. */
#include <linux/slab.h>

#include "run/internal.h"

static u32 mdk_regs_span(const struct mdk_plan *plan, const struct mdk_region *region)
{
	u32 i, span = 0;

	for (i = 0; i < region->nr_regs; i++)
		span = max(span, mdk_plan_reg(plan, region, i)->offset + 4);
	return span;
}

static u16 mdk_map_entry(const struct mdk_reg *reg, u32 i)
{
	bool stored = !reg->read && reg->kind != MDK_REG_KIND_RC;

	bool plain = reg->kind == MDK_REG_KIND_RW && !reg->written;

	return (i + 1) | (stored ? MDK_MAP_STORED : 0) | (plain ? MDK_MAP_PLAIN : 0);
}

static int mdk_slot_compile_regs(struct mdk_plan *plan, struct mdk_slot *slot)
{
	const struct mdk_region *region = slot->region;
	u32 i;

	slot->ops = &mdk_regs_slot_ops;
	slot->regs = region->regs;
	slot->reg_size = plan->host->reg.reg_size;
	slot->nr_map = mdk_regs_span(plan, region) / 4;
	slot->map = kvcalloc(slot->nr_map, sizeof(*slot->map), GFP_KERNEL);
	if (!slot->map)
		return -ENOMEM;
	for (i = 0; i < region->nr_regs; i++)
		slot->map[mdk_plan_reg(plan, region, i)->offset / 4] =
			mdk_map_entry(mdk_plan_reg(plan, region, i), i);
	if (slot->valid.min <= 4 && slot->valid.max >= 4)
		slot->nr_fast = slot->nr_map;
	slot->first_val = plan->nr_vals;
	plan->nr_vals += region->nr_regs;
	return 0;
}

static u32 mdk_slot_flags(const struct mdk_region *region)
{
	u32 flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;

	if (region->kind == MDK_REGION_KIND_CALLBACK && !region->ops->write)
		flags &= ~VFIO_REGION_INFO_FLAG_WRITE;
	if (region->flags & MDK_READONLY)
		flags &= ~VFIO_REGION_INFO_FLAG_WRITE;
	if (region->flags & MDK_MMAP)
		flags |= VFIO_REGION_INFO_FLAG_MMAP;
	return flags;
}

static struct mdk_widths mdk_widths_default(struct mdk_widths widths)
{
	return (struct mdk_widths){ .min = widths.min ?: 1, .max = widths.max ?: 8 };
}

static int mdk_slot_compile(struct mdk_plan *plan, const struct mdk_region *region)
{
	struct mdk_slot *slot = &plan->slots[region->index];

	slot->region = region;
	slot->size = region->size;
	slot->kind = region->kind;
	slot->flags = mdk_slot_flags(region);
	slot->valid = mdk_widths_default(region->valid);
	slot->impl = mdk_widths_default(region->impl);
	plan->nr_slots = max(plan->nr_slots, region->index + 1);
	if (region->kind == MDK_REGION_KIND_REGS)
		return mdk_slot_compile_regs(plan, slot);
	if (region->kind == MDK_REGION_KIND_CALLBACK)
		slot->ops = &mdk_callback_slot_ops;
	if (region->kind == MDK_REGION_KIND_HW)
		slot->ops = &mdk_hw_slot_ops;
	return 0;
}

int mdk_plan_compile(struct mdk_plan *plan)
{
	int ret = 0;
	u32 i;

	plan->nr_slots = VFIO_PCI_NUM_REGIONS;
	for (i = 0; i < plan->nr_regions && !ret; i++)
		ret = mdk_slot_compile(plan, mdk_plan_region(plan, i));
	ret = ret ?: mdk_config_compile(plan);
	if (ret) {
		mdk_plan_free(plan);
		return ret;
	}
	mdk_plan_void(plan);
	mdk_plan_pause(plan);
	return 0;
}

void mdk_plan_free(struct mdk_plan *plan)
{
	u32 i;

	kvfree(plan->config);
	plan->config = NULL;
	for (i = 0; i < MDK_NR_SLOTS; i++) {
		kvfree(plan->slots[i].map);
		plan->slots[i].map = NULL;
	}
}
