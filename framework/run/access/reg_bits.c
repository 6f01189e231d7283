// SPDX-License-Identifier: GPL-2.0-only
/* See reg_bits.h. */
#include "model/desc.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "reg_bits.h"
#include "registers.h"

/* Those of causes, and where a ring has got to. */
static u32 mdk_reg_sdk_bits(const struct mdk_plan *plan, u32 val)
{
	u32 bits = 0, i;

	for (i = 0; i < plan->nr_cause_sets; i++)
		if (plan->cause_sets[i].status == val)
			bits |= plan->cause_sets[i].bits;
	for (i = 0; i < plan->nr_rings; i++) {
		if (plan->rings[i].done == val)
			bits = ~0U;
		if (plan->rings[i].state == val)
			bits |= plan->rings[i].row->running | plan->rings[i].row->broken;
	}
	return bits;
}

u32 mdk_reg_strange(const struct mdk_inst *inst, const struct mdk_slot *slot, u32 i, u32 value)
{
	const struct mdk_reg *reg = mdk_slot_row(slot, i);
	u32 changed = value ^ reg->reset;

	changed &= ~mdk_reg_driver_mask(slot->reg_size, reg);
	if (reg->kind != MDK_REG_KIND_RO)
		changed &= ~reg->mask;
	return changed ? changed & ~mdk_reg_sdk_bits(inst->plan, slot->first_val + i) : 0;
}

bool mdk_reg_cannot_move(const struct mdk_inst *inst, const struct mdk_slot *slot, u32 i, u32 value)
{
	u32 bits = mdk_number_keeps(slot, i) ? mdk_reg_strange(inst, slot, i, value) : 0;

	if (bits)
		dev_warn_ratelimited(mdev_dev(inst->mdev), "model %s: the driver has changed bits 0x%x of register '%s', which its row does not say, and no stream can be made; name them by .driver_mask [K262]\n",
				     inst->plan->host->model.name, bits,
				     mdk_slot_row(slot, i)->name);
	return bits;
}

static bool mdk_slot_cannot_move(const struct mdk_inst *inst, const struct mdk_slot *slot)
{
	u32 i;

	if (slot->kind != MDK_REGION_KIND_REGS)
		return false;
	for (i = 0; i < slot->nr_vals; i++)
		if (mdk_reg_cannot_move(inst, slot, i,
					atomic_read(&inst->vals[slot->first_val + i])))
			return true;
	return false;
}

int mdk_migration_regs_good(const struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		if (mdk_slot_cannot_move(inst, &inst->plan->slots[i]))
			return -EINVAL;
	return 0;
}
