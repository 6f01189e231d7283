// SPDX-License-Identifier: GPL-2.0-only
/* Causes of interrupts: see check.c. Their registers are looked for in the regions of a type. */
#include "check.h"
#include "fault.h"
#include "plain.h"

const struct mdk_reg *mdk_check_row_at(const struct mdk_plan *plan, u32 index, u32 offset)
{
	const struct mdk_region *region;
	const struct mdk_reg *reg;
	u32 i, j;

	for (i = 0; i < plan->nr_regions; i++) {
		region = mdk_plan_region(plan, i);
		if (region->index != index || region->kind != MDK_REGION_KIND_REGS ||
		    !region->regs)
			continue;
		for (j = 0; j < region->nr_regs; j++) {
			reg = mdk_plan_reg(plan, region, j);
			if (mdk_set_has(plan->desc, reg, offset))
				return reg;
		}
	}
	return NULL;
}

const struct mdk_reg *mdk_check_reg_at(const struct mdk_plan *plan, u32 index, u32 offset)
{
	const struct mdk_reg *reg = mdk_check_row_at(plan, index, offset);

	return reg && reg->offset == offset ? reg : NULL;
}

static int mdk_check_status(const struct mdk_plan *plan, u32 i, const struct mdk_reg *reg)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	bool guest_clears = reg->kind == MDK_REG_KIND_W1C || reg->kind == MDK_REG_KIND_RC;
	const char *name = reg->name ?: "(no name)";
	int bad = 0;

	if (!guest_clears && reg->kind != MDK_REG_KIND_RW && reg->kind != MDK_REG_KIND_RO)
		bad += mdk_fault(plan->desc, "M64", "cause %u: register '%s' keeps no bits for a guest to read: make it MDK_REG_W1C, _RC, _RW or _RO",
				 i, name);
	if (!mdk_cause_bit(cause) || (guest_clears && !(reg->mask & mdk_cause_bit(cause))))
		bad += mdk_fault(plan->desc, "M65", "cause %u: no guest could clear bit %u of register '%s': take a bit of its mask 0x%x",
				 i, cause->bit, name, reg->mask);
	return bad;
}

static int mdk_check_mask(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	const struct mdk_reg *reg = mdk_check_reg_at(plan, cause->region, cause->mask);

	if (!cause->polarity && cause->mask)
		return mdk_fault(plan->desc, "M67", "cause %u has a mask register at 0x%x and no .polarity: set MDK_ONE_ENABLES or MDK_ONE_MASKS",
				 i, cause->mask);
	if (!cause->polarity || cause->mask_clear)
		return 0;
	if (!reg || reg->kind != MDK_REG_KIND_RW || !(reg->mask & mdk_cause_bit(cause)) ||
	    cause->mask == cause->status)
		return mdk_fault(plan->desc, "M66", "cause %u: a guest cannot write bit %u of a mask register at 0x%x of region %u: .mask is the offset of an MDK_REG_RW with that bit in its mask",
				 i, cause->bit, cause->mask, cause->region);
	return 0;
}

static bool mdk_causes_share(const struct mdk_cause *a, const struct mdk_cause *b)
{
	return a->region == b->region && a->status == b->status;
}

static int mdk_check_cause_twins(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i), *other;
	int bad = 0;
	u32 j;

	for (j = 0; j < i; j++) {
		other = mdk_desc_cause(plan->desc, j);
		if (!mdk_causes_share(cause, other))
			continue;
		if (other->bit == cause->bit)
			bad += mdk_fault(plan->desc, "M68", "causes %u and %u are both bit %u of the register at 0x%x: remove one",
					 j, i, cause->bit, cause->status);
		if (other->mask != cause->mask || other->polarity != cause->polarity ||
		    other->mask_clear != cause->mask_clear)
			return bad + mdk_fault(plan->desc, "M69", "causes %u and %u share the status register at 0x%x, but not .mask and .polarity, or not .mask_clear: give both the same",
					       j, i, cause->status);
	}
	return bad;
}

static int mdk_check_vector(const struct mdk_plan *plan, u32 i, enum mdk_irq_index index,
			    u32 vector, const char *name)
{
	const struct mdk_config_spec spec = mdk_desc_config_spec(plan->desc, plan->type);
	u32 count = mdk_spec_vectors(&spec, index);

	if (vector < count || (!vector && !count))
		return 0;
	return mdk_fault(plan->desc, "M78", "cause %u leads to vector %u of %s, of which the model has %u: give MDK_IRQS() more, or take another",
			 i, vector, name, count);
}

static int mdk_check_cause(const struct mdk_plan *plan, u32 i)
{
	const struct mdk_cause *cause = mdk_desc_cause(plan->desc, i);
	const struct mdk_reg *reg = mdk_check_reg_at(plan, cause->region, cause->status);
	int bad = 0;

	if (reg)
		bad += mdk_check_status(plan, i, reg);
	else
		bad += mdk_fault(plan->desc, "M63", "cause %u: type '%s' has no register at 0x%x of region %u: correct MDK_CAUSE(), or add the status register",
				 i, plan->type->id, cause->status, cause->region);
	bad += mdk_check_mask(plan, i);
	bad += mdk_check_vector(plan, i, MDK_IRQ_MSI, cause->to.msi, "MSI");
	bad += mdk_check_vector(plan, i, MDK_IRQ_MSIX, cause->to.msix, "MSI-X");
	bad += mdk_cause_more_check(plan, i);
	return bad + mdk_check_cause_twins(plan, i);
}

int mdk_causes_check(const struct mdk_plan *plan)
{
	int bad = 0;
	u32 i;

	for (i = 0; i < plan->desc->model->nr_causes; i++)
		bad += mdk_check_cause(plan, i);
	return bad;
}
