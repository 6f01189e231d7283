// SPDX-License-Identifier: GPL-2.0-only
/* The monitor: its region, where a guest reads it, its largest mode; see check.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

/* Of the formats there are the one with the fewest bytes a pixel. */
#define MDK_BYTES_PER_PIXEL_MIN 2
#define MDK_EDID_BLOCK 128

static int mdk_check_edid_reg(const struct mdk_plan *plan, const struct mdk_region *region,
			      const struct mdk_reg *reg)
{
	u64 bytes = 4ULL * reg->count;

	if (bytes && bytes <= MDK_EDID_MAX && !(bytes % MDK_EDID_BLOCK) &&
	    mdk_desc_stride(plan->desc, reg) == 4 && !mdk_desc_reads(plan->desc, reg))
		return 0;
	return mdk_fault(plan->desc, "M210", "region '%s': register '%s' has room for %llu bytes of EDID: MDK_REG_EDID() takes a multiple of %d, at most %d, and neither .read nor .stride",
			 region->name, reg->name ?: "(no name)", bytes, MDK_EDID_BLOCK, MDK_EDID_MAX);
}

/* Return: number of faults. @nr: counts the rows MDK_REG_EDID(). */
static int mdk_check_edid_regs(const struct mdk_plan *plan, const struct mdk_region *region,
			       u32 *nr)
{
	const struct mdk_reg *reg;
	int bad = 0;
	u32 i;

	for (i = 0; region->kind == MDK_REGION_KIND_REGS && region->regs && i < region->nr_regs;
	     i++) {
		reg = mdk_plan_reg(plan, region, i);
		if (reg->kind != MDK_REG_KIND_EDID)
			continue;
		bad += mdk_check_edid_reg(plan, region, reg);
		(*nr)++;
	}
	return bad;
}

static const struct mdk_region *mdk_check_region_at(const struct mdk_plan *plan, u32 index)
{
	u32 i;

	for (i = 0; i < plan->nr_regions; i++)
		if (mdk_plan_region(plan, i)->index == index)
			return mdk_plan_region(plan, i);
	return NULL;
}

static int mdk_check_largest(const struct mdk_plan *plan)
{
	const struct mdk_region *vram =
		mdk_check_region_at(plan, plan->desc->display->region);
	u32 xres = mdk_desc_max_xres(plan->desc, plan->type);
	u32 yres = mdk_desc_max_yres(plan->desc, plan->type);

	if (!xres || !yres || xres > MDK_PLANE_SIDE_MAX || yres > MDK_PLANE_SIDE_MAX)
		return mdk_fault(plan->desc, "M213", "type '%s' has a monitor, and a largest mode of %ux%u: set .max_xres and .max_yres, 1 to %d",
				 plan->type->id, xres, yres, MDK_PLANE_SIDE_MAX);
	if (vram && (u64)xres * yres * MDK_BYTES_PER_PIXEL_MIN > vram->size)
		return mdk_fault(plan->desc, "M214", "type '%s': a picture of its largest mode %ux%u does not fit into the 0x%llx bytes of region '%s': lower .max_xres and .max_yres, or give it more memory",
				 plan->type->id, xres, yres, vram->size, vram->name ?: "?");
	return 0;
}

static int mdk_check_hotplug(const struct mdk_plan *plan)
{
	const struct mdk_hotplug *hotplug = &plan->desc->display->hotplug;
	u32 known = mdk_desc_cause_bits(plan->desc, MDK_AT(hotplug->region, hotplug->status));

	if (!(hotplug->bits & ~known))
		return 0;
	return mdk_fault(plan->desc, "M215", "the display's .hotplug raises bits 0x%x of the register at 0x%x of region %u, which have no MDK_CAUSE(): add the rows, or correct MDK_HOTPLUG()",
			 hotplug->bits & ~known, hotplug->status, hotplug->region);
}

static int mdk_check_monitor(const struct mdk_plan *plan, u32 nr_regions, u32 nr_regs)
{
	const struct mdk_display *display = plan->desc->display;
	int bad = 0;

	if (nr_regions > 1 || nr_regs > 1)
		bad += mdk_fault(plan->desc, "M211", "type '%s' has %u regions MDK_OWN_EDID() and %u registers MDK_REG_EDID(): a device has one monitor; leave one of each",
				 plan->type->id, nr_regions, nr_regs);
	if (!nr_regions && (nr_regs || display->hotplug.bits || display->monitor))
		return bad + mdk_fault(plan->desc, "M212", "type '%s' shows its monitor to a guest or hears of it, and has no region in which a user describes one: add MDK_OWN_EDID() to its regions",
				       plan->type->id);
	if (!nr_regions)
		return bad;
	if (!plan->desc->model->display)
		return bad + mdk_fault(plan->desc, "M216", "type '%s' has a monitor, and the model no display: set .display, or leave out MDK_OWN_EDID()",
				       plan->type->id);
	return bad + mdk_check_largest(plan) + mdk_check_hotplug(plan);
}

int mdk_edid_check(const struct mdk_plan *plan)
{
	u32 i, nr_regions = 0, nr_regs = 0;
	const struct mdk_region *region;
	int bad = 0;

	for (i = 0; i < plan->nr_regions; i++) {
		region = mdk_plan_region(plan, i);
		bad += mdk_check_edid_regs(plan, region, &nr_regs);
		if (region->kind != MDK_REGION_KIND_EDID)
			continue;
		nr_regions++;
		if (region->index < MDK_OWN_INDEX || region->size < SZ_4K ||
		    region->valid.max > 4 || !region->valid.max)
			bad += mdk_fault(plan->desc, "M217", "region '%s' of the monitor was written by hand: use MDK_OWN_EDID()",
					 region->name ?: "?");
	}
	return bad + mdk_check_monitor(plan, nr_regions, nr_regs);
}
