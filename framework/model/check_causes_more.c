// SPDX-License-Identifier: GPL-2.0-only
/* What a cause has besides status, mask and vector: see check_causes.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

/* What a row does besides keeping bits would not be done there. */
static bool mdk_cause_reg_is_plain(const struct mdk_plan *plan, const struct mdk_reg *reg)
{
	return !mdk_desc_reads(plan->desc, reg) && !mdk_desc_writes(plan->desc, reg);
}

/* A mask that has two registers: one sets its bits, the other clears them. */
static int mdk_check_pair(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	const struct mdk_reg *set = mdk_check_reg_at(plan, cause->region, cause->mask);
	const struct mdk_reg *clear = mdk_check_reg_at(plan, cause->region, cause->mask_clear);

	if (!cause->mask_clear)
		return 0;
	if (!cause->polarity)
		return mdk_fault(plan->desc, "M220", "cause %u has .mask_clear 0x%x and no .polarity: set MDK_ONE_ENABLES or MDK_ONE_MASKS",
				 i, cause->mask_clear);
	if (!set || set->kind != MDK_REG_KIND_W1S || !(set->mask & mdk_cause_bit(cause)))
		return mdk_fault(plan->desc, "M221", "cause %u has .mask_clear, and no guest could set bit %u of the mask at 0x%x of region %u: .mask is the offset of an MDK_REG_W1S with that bit in its mask",
				 i, cause->bit, cause->mask, cause->region);
	if (!clear || clear->kind != MDK_REG_KIND_W1C || !(clear->mask & mdk_cause_bit(cause)) ||
	    !mdk_cause_reg_is_plain(plan, clear) || mdk_desc_count(plan->desc, clear) > 1 ||
	    cause->mask_clear == cause->status)
		return mdk_fault(plan->desc, "M222", "cause %u: no guest could clear bit %u of its mask by the register at 0x%x of region %u: .mask_clear is the offset of an MDK_REG_W1C of its own with that bit, without callbacks and .count",
				 i, cause->bit, cause->mask_clear, cause->region);
	return 0;
}

/* A register that clears bits of one mask keeps nothing itself, and clears those of no other. */
static int mdk_check_pair_twins(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i), *other;
	u32 j;

	for (j = 0; cause->mask_clear && j < plan->desc->model->nr_causes; j++) {
		other = mdk_desc_cause(plan->desc, j);
		if (j == i || other->region != cause->region)
			continue;
		if (other->status == cause->mask_clear || other->vector_at == cause->mask_clear ||
		    other->gap_at == cause->mask_clear ||
		    (other->polarity && other->mask == cause->mask_clear) ||
		    (other->mask_clear == cause->mask_clear && other->mask != cause->mask))
			return mdk_fault(plan->desc, "M223", "cause %u: .mask_clear 0x%x is a register of cause %u for something else: give each its own",
					 i, cause->mask_clear, j);
	}
	return 0;
}

static int mdk_check_auto_mask(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);

	if (!cause->auto_mask || cause->polarity)
		return 0;
	return mdk_fault(plan->desc, "M224", "cause %u has .auto_mask and no mask register, so nothing would unmask it: set .mask and .polarity",
			 i);
}

static int mdk_check_pick(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	const struct mdk_reg *reg = mdk_check_reg_at(plan, cause->region, cause->vector_at);
	u32 bits = cause->vector_bits;

	if (!cause->vector_at && bits)
		return mdk_fault(plan->desc, "M225", "cause %u has .vector_bits 0x%x and no .vector_at: set the offset of the register that has them",
				 i, bits);
	if (!cause->vector_at)
		return 0;
	if (!reg || reg->kind != MDK_REG_KIND_RW || bits & ~reg->mask ||
	    mdk_desc_reads(plan->desc, reg) || (bits & (bits + (bits & -bits))))
		return mdk_fault(plan->desc, "M226", "cause %u: no guest could write the vector's number to bits 0x%x of the register at 0x%x of region %u: .vector_at is the offset of an MDK_REG_RW without .read, .vector_bits are in its mask and side by side",
				 i, bits, cause->vector_at, cause->region);
	return 0;
}

static int mdk_check_gap(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	const struct mdk_reg *reg = mdk_check_reg_at(plan, cause->region, cause->gap_at);

	if (!cause->gap_at)
		return 0;
	if (!reg || (reg->kind != MDK_REG_KIND_RW && reg->kind != MDK_REG_KIND_RO) ||
	    mdk_desc_reads(plan->desc, reg))
		return mdk_fault(plan->desc, "M227", "cause %u: the register at 0x%x of region %u keeps no time between messages: .gap_at is the offset of an MDK_REG_RW, or _RO that the driver sets, without .read",
				 i, cause->gap_at, cause->region);
	return 0;
}

int mdk_cause_more_check(const struct mdk_plan *plan, u32 i)
{
	return mdk_check_pair(plan, i) + mdk_check_pair_twins(plan, i) +
	       mdk_check_auto_mask(plan, i) + mdk_check_pick(plan, i) + mdk_check_gap(plan, i);
}
