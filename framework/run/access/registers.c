// SPDX-License-Identifier: GPL-2.0-only
/* Register tables: 32-bit registers behind accesses of any width. */
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "msix.h"
#include "registers.h"

/* Number of the register at @word in its slot, or a negative number for a hole. */
static inline int mdk_reg_at(const struct mdk_slot *slot, u32 word)
{
	if (unlikely(word >= slot->nr_map))
		return -1;
	return (slot->map[array_index_nospec(word, slot->nr_map)] & MDK_MAP_NUMBER) - 1;
}

const struct mdk_reg *mdk_slot_reg_at(const struct mdk_slot *slot, u32 word)
{
	int i = mdk_reg_at(slot, word);

	return i < 0 ? NULL : mdk_slot_reg(slot, i);
}

/* No register there: all-ones, and writes are dropped. */
static noinline void mdk_hole(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word,
			      bool write)
{
	mdk_count(inst, MDK_COUNT_HOLES);
	trace_mdk_hole(inst->name, slot->region->index, 4ULL * word, write);
}

static u32 mdk_reg_call_read(struct mdk_inst *inst, const struct mdk_reg *reg)
{
	struct mdk_call_state before;
	u32 val = ~0U;

	mdk_inst_lock(inst);
	before = mdk_call_begin();
	if (likely(!READ_ONCE(inst->fenced)))
		val = reg->read(&inst->base, reg);
	mdk_call_end(inst->plan->host, "read", reg->name, &before);
	mdk_inst_unlock(inst);
	return val;
}

u32 mdk_regs_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word)
{
	int i = mdk_reg_at(slot, word);
	const struct mdk_reg *reg;

	if (unlikely(i < 0)) {
		u64 off = 4ULL * word;

		if (mdk_msix_holds(slot, off))
			return mdk_msix_load32(inst, slot, off);
		mdk_hole(inst, slot, word, false);
		return ~0U;
	}
	reg = mdk_slot_reg(slot, i);
	if (unlikely(reg->read))
		return mdk_reg_call_read(inst, reg);
	if (unlikely(reg->kind == MDK_REG_KIND_RC))
		return atomic_fetch_andnot(reg->mask, &inst->vals[slot->first_val + i]);
	return atomic_read(&inst->vals[slot->first_val + i]);
}

/* Applies a guest's write to the stored value. Return: the value for reg->written. */
static u32 mdk_reg_apply(const struct mdk_reg *reg, atomic_t *stored, u32 val, u32 enabled)
{
	u32 bits = reg->mask & enabled;

	switch (reg->kind) {
	case MDK_REG_KIND_RW:
		return mdk_word_change(stored, bits, val) & reg->mask;
	case MDK_REG_KIND_W1C:
		atomic_andnot(val & bits, stored);
		return val & bits;
	case MDK_REG_KIND_WO:
		return val & bits;
	default:
		return 0;
	}
}

static void mdk_reg_call_written(struct mdk_inst *inst, const struct mdk_reg *reg,
				 atomic_t *stored, u32 val, u32 enabled)
{
	struct mdk_call_state before;
	u32 value;

	mdk_inst_lock(inst);
	before = mdk_call_begin();
	if (likely(!READ_ONCE(inst->fenced))) {
		value = mdk_reg_apply(reg, stored, val, enabled);
		reg->written(&inst->base, reg, value);
	}
	mdk_call_end(inst->plan->host, "written", reg->name, &before);
	mdk_inst_unlock(inst);
}

/* @enabled: a one for each bit of @val that was written. */
void mdk_regs_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word, u32 val,
		      u32 enabled)
{
	int i = mdk_reg_at(slot, word);
	const struct mdk_reg *reg;
	atomic_t *stored;

	if (unlikely(i < 0)) {
		u64 off = 4ULL * word;

		if (mdk_msix_holds(slot, off))
			mdk_msix_store32(inst, slot, off, val, enabled);
		else
			mdk_hole(inst, slot, word, true);
		return;
	}
	reg = mdk_slot_reg(slot, i);
	stored = &inst->vals[slot->first_val + i];
	if (likely(!reg->written))
		mdk_reg_apply(reg, stored, val, enabled);
	else
		mdk_reg_call_written(inst, reg, stored, val, enabled);
}

static u64 mdk_regs_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	u32 word = mdk_word_at(off);

	if (width == 8)
		return mdk_regs_load32(inst, slot, word) |
		       (u64)mdk_regs_load32(inst, slot, word + 1) << 32;
	return mdk_regs_load32(inst, slot, word) >> (8 * (off & 3));
}

static void mdk_regs_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width, u64 val)
{
	unsigned int shift = 8 * (off & 3);
	u32 word = mdk_word_at(off);

	if (width == 8) {
		mdk_regs_store32(inst, slot, word, lower_32_bits(val), ~0U);
		mdk_regs_store32(inst, slot, word + 1, upper_32_bits(val), ~0U);
		return;
	}
	mdk_regs_store32(inst, slot, word, (u32)val << shift,
			 (u32)GENMASK(8 * width - 1, 0) << shift);
}

const struct mdk_slot_ops mdk_regs_slot_ops = {
	.load = mdk_regs_load,
	.store = mdk_regs_store,
};

static void mdk_slot_reset(struct mdk_inst *inst, const struct mdk_slot *slot)
{
	u32 i;

	for (i = 0; i < slot->region->nr_regs; i++)
		atomic_set(&inst->vals[slot->first_val + i],
			   mdk_plan_reg(inst->plan, slot->region, i)->reset);
}

void mdk_regs_reset(struct mdk_inst *inst)
{
	const struct mdk_slot *slot = inst->plan->slots;
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		if (slot[i].kind == MDK_REGION_KIND_REGS)
			mdk_slot_reset(inst, &slot[i]);
}

/* For the driver */

static atomic_t *mdk_reg_value(struct mdk_dev *dev, u32 region, u32 offset)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const struct mdk_slot *slot = mdk_slot_at(inst, region);
	int i = -1;

	if (slot && slot->kind == MDK_REGION_KIND_REGS)
		i = mdk_reg_at(slot, offset >> 2);
	if (i < 0) {
		dev_warn_once(mdev_dev(inst->mdev), "model %s has no register at region %u offset 0x%x: the driver asks for one; correct region or offset there [K72]\n",
			      inst->plan->host->model.name, region, offset);
		return NULL;
	}
	return &inst->vals[slot->first_val + i];
}

u32 mdk_reg_get(struct mdk_dev *dev, u32 region, u32 offset)
{
	atomic_t *val = mdk_reg_value(dev, region, offset);

	return val ? atomic_read(val) : ~0U;
}

void mdk_reg_set(struct mdk_dev *dev, u32 region, u32 offset, u32 value)
{
	atomic_t *val = mdk_reg_value(dev, region, offset);

	if (val)
		atomic_set(val, value);
}

void mdk_reg_set_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits)
{
	atomic_t *val = mdk_reg_value(dev, region, offset);

	if (val)
		atomic_or(bits, val);
}

void mdk_reg_clear_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits)
{
	atomic_t *val = mdk_reg_value(dev, region, offset);

	if (val)
		atomic_andnot(bits, val);
}

u32 mdk_reg_update_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 mask, u32 value)
{
	atomic_t *val = mdk_reg_value(dev, region, offset);

	return val ? mdk_word_change(val, mask, value) : ~0U;
}
