// SPDX-License-Identifier: GPL-2.0-only
/* Rows that make several registers, counters, and reset by register: see check.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

bool mdk_set_has(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 offset)
{
	u32 stride = mdk_desc_stride(desc, reg);

	return offset >= reg->offset && !((offset - reg->offset) % stride) &&
	       (offset - reg->offset) / stride < mdk_desc_count(desc, reg);
}

bool mdk_sets_meet(const struct mdk_desc *desc, const struct mdk_reg *a, const struct mdk_reg *b,
		   u32 *offset)
{
	u32 i;

	for (i = 0; i < mdk_desc_count(desc, a); i++) {
		*offset = a->offset + i * mdk_desc_stride(desc, a);
		if (mdk_set_has(desc, b, *offset))
			return true;
	}
	return false;
}

static int mdk_counter_check(const struct mdk_desc *desc, const struct mdk_region *region,
			     const struct mdk_reg *reg)
{
	const char *name = reg->name ?: "(no name)";
	bool counter = reg->kind == MDK_REG_KIND_COUNTER64;

	if (counter && (reg->offset & 7 || reg->count || reg->resets || mdk_desc_reads(desc, reg)))
		return mdk_fault(desc, "M12", "region '%s': counter '%s' at 0x%x: a multiple of 8 is needed, and neither .read, .count nor .resets",
				 region->name, name, reg->offset);
	if (!counter && reg->read64)
		return mdk_fault(desc, "M13", "region '%s': register '%s' has .read64, which never runs: make it MDK_REG_COUNTER64 or set .read",
				 region->name, name);
	return 0;
}

static int mdk_driver_mask_check(const struct mdk_desc *desc, const struct mdk_region *region,
				 const struct mdk_reg *reg)
{
	if (mdk_reg_stores(reg->kind) || !mdk_reg_driver_mask(desc->reg_size, reg))
		return 0;
	return mdk_fault(desc, "M250", "region '%s': register '%s' has .driver_mask 0x%x, and no value is stored for it: leave that out, or make it MDK_REG_RO, _RW, _W1C, _W1S or _RC",
			 region->name, reg->name ?: "(no name)", reg->driver_mask);
}

int mdk_set_check(const struct mdk_desc *desc, const struct mdk_region *region,
		  const struct mdk_reg *reg)
{
	const char *name = reg->name ?: "(no name)";
	int bad;

	if (!mdk_desc_has_sets(desc))
		return 0;
	bad = mdk_counter_check(desc, region, reg) + mdk_driver_mask_check(desc, region, reg);
	if (reg->stride & 3)
		bad += mdk_fault(desc, "M10", "region '%s': register '%s' has .stride %u: a multiple of 4 is needed",
				 region->name, name, reg->stride);
	if ((reg->read && reg->read_at) || (reg->written && reg->written_at))
		bad += mdk_fault(desc, "M11", "region '%s': register '%s' has a callback and the same with _at: leave one out",
				 region->name, name);
	if (reg->resets & ~reg->mask || (reg->resets && reg->kind != MDK_REG_KIND_RW &&
					 reg->kind != MDK_REG_KIND_WO))
		bad += mdk_fault(desc, "M14", "region '%s': register '%s' resets by bits 0x%x, which no guest can write: make it MDK_REG_RW or _WO with them in its mask 0x%x",
				 region->name, name, reg->resets, reg->mask);
	return bad;
}
