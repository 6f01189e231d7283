// SPDX-License-Identifier: GPL-2.0-only
/* Register tables: 32-bit registers behind accesses of any width. */
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "causes.h"
#include "counters64.h"
#include "msix.h"
#include "reg_bits.h"
#include "registers.h"
#include "rings.h"

/* What the map has for @word, 0 for a hole. */
static inline u32 mdk_map_at(const struct mdk_slot *slot, u32 word)
{
	if (unlikely(word >= slot->nr_map))
		return 0;
	return slot->map[array_index_nospec(word, slot->nr_map)];
}

/* Number of the register at @word in its slot, or a negative number for a hole. */
static inline int mdk_reg_at(const struct mdk_slot *slot, u32 word)
{
	return (int)(mdk_map_at(slot, word) & MDK_MAP_NUMBER) - 1;
}

const struct mdk_reg *mdk_slot_reg_at(const struct mdk_slot *slot, u32 word)
{
	int i = mdk_reg_at(slot, word);

	return i < 0 ? NULL : mdk_slot_row(slot, i);
}

/* Where the value of the ring that a guest has selected is; NULL: there is no such ring. */
static noinline atomic_t *mdk_bank_at(struct mdk_inst *inst, const struct mdk_element *element)
{
	u32 select = inst->plan->rings[element->first_ring].select;
	u32 count = element->end_ring - element->first_ring;
	u32 i = atomic_read(&inst->vals[select]);

	if (i >= count)
		return NULL;
	return &inst->vals[element->bank + array_index_nospec(i, count)];
}

static u32 mdk_bank_load(struct mdk_inst *inst, const struct mdk_element *element)
{
	atomic_t *val = mdk_bank_at(inst, element);

	return val ? atomic_read(val) : 0;
}

/* The number of the register whose value the register of number @i has. */
static u32 mdk_reg_kept_at(const struct mdk_slot *slot, u32 i)
{
	if (slot->elements && slot->elements[i].flags & MDK_ELEMENT_CLEARS)
		return slot->elements[i].mask;
	return i;
}

/* No register there: all-ones, and writes are dropped. */
static noinline void mdk_hole(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word,
			      bool write)
{
	mdk_count(inst, MDK_COUNT_HOLES);
	trace_mdk_hole(inst->name, slot->region->index, 4ULL * word, write);
}

/* After a change of a register of a table with elements. */
static void mdk_element_changed(struct mdk_inst *inst, const struct mdk_slot *slot, u32 i,
				u32 was, u32 now)
{
	if (slot->elements[i].flags & MDK_ELEMENT_CAUSES)
		mdk_causes_changed(inst, slot->first_val + i, was, now);
}

/* @element: NULL in a table whose rows make one register each. */
static u32 mdk_reg_call_read(struct mdk_inst *inst, const struct mdk_reg *reg,
			     const struct mdk_element *element)
{
	bool at = element && element->flags & MDK_ELEMENT_READ_AT;
	struct mdk_call_state before;
	u32 val = ~0U;

	mdk_inst_lock(inst);
	before = mdk_call_begin();
	if (likely(!READ_ONCE(inst->fenced)))
		val = at ? reg->read_at(&inst->base, reg, element->index) :
			   reg->read(&inst->base, reg);
	mdk_call_end(inst->plan->host, "read", reg->name, &before);
	mdk_inst_unlock(inst);
	return val;
}

static u32 mdk_reg_read_clears(struct mdk_inst *inst, const struct mdk_slot *slot, u32 i)
{
	u32 mask = mdk_slot_row(slot, i)->mask;
	u32 was = atomic_fetch_andnot(mask, &inst->vals[slot->first_val + i]);

	if (slot->elements)
		mdk_element_changed(inst, slot, i, was, was & ~mask);
	return was;
}

/* A read, of a table with elements, that is more than the stored value. */
static noinline u32 mdk_element_load(struct mdk_inst *inst, const struct mdk_slot *slot, u32 i)
{
	const struct mdk_element *element = &slot->elements[i];
	const struct mdk_reg *reg = mdk_slot_reg(slot, element->row);

	if (element->flags & MDK_ELEMENT_CLEARS)
		return atomic_read_acquire(&inst->vals[slot->first_val + element->mask]);
	if (element->flags & MDK_ELEMENT_BANKED)
		return mdk_bank_load(inst, element);
	if (element->flags & (MDK_ELEMENT_LOW | MDK_ELEMENT_HIGH))
		return mdk_counter64_load32(inst, reg, element);
	if (reg->read || element->flags & MDK_ELEMENT_READ_AT)
		return mdk_reg_call_read(inst, reg, element);
	return mdk_reg_read_clears(inst, slot, i);
}

/*
 * Acquire, here and in access.c: who has read a register sees what a worker had written to the
 * device's own memory before it changed the register.
 */
u32 mdk_regs_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word)
{
	u32 entry = mdk_map_at(slot, word), i = (entry & MDK_MAP_NUMBER) - 1;
	const struct mdk_reg *reg;

	if (likely(entry & MDK_MAP_STORED))
		return atomic_read_acquire(&inst->vals[slot->first_val + i]);
	if (unlikely(!entry)) {
		u64 off = 4ULL * word;

		if (mdk_msix_holds(slot, off))
			return mdk_msix_load32(inst, slot, off);
		mdk_hole(inst, slot, word, false);
		return ~0U;
	}
	if (slot->elements)
		return mdk_element_load(inst, slot, i);
	reg = mdk_slot_reg(slot, i);
	if (unlikely(reg->read))
		return mdk_reg_call_read(inst, reg, NULL);
	if (unlikely(reg->kind == MDK_REG_KIND_RC))
		return mdk_reg_read_clears(inst, slot, i);
	return atomic_read_acquire(&inst->vals[slot->first_val + i]);
}

/*
 * Applies a guest's write to the stored value. @was: what was stored, of a register that keeps
 * what is written. Return: the value for reg->written.
 */
static __always_inline u32 mdk_reg_apply(const struct mdk_reg *reg, atomic_t *stored, u32 val,
					 u32 enabled, u32 *was)
{
	u32 bits = reg->mask & enabled;

	*was = 0;
	switch (reg->kind) {
	case MDK_REG_KIND_RW:
		return mdk_word_change_from(stored, bits, val, was) & reg->mask;
	case MDK_REG_KIND_W1C:
		atomic_andnot(val & bits, stored);
		return val & bits;
	case MDK_REG_KIND_W1S:
		*was = atomic_fetch_or(val & bits, stored);
		return val & bits;
	case MDK_REG_KIND_WO:
		return val & bits;
	default:
		return 0;
	}
}

/* Return: as mdk_reg_apply(). */
static u32 mdk_reg_call_written(struct mdk_inst *inst, const struct mdk_reg *reg,
				const struct mdk_element *element, atomic_t *stored, u32 val,
				u32 enabled, u32 *was)
{
	bool at = element && element->flags & MDK_ELEMENT_WRITTEN_AT;
	struct mdk_call_state before;
	u32 value = 0;

	*was = 0;
	mdk_inst_lock(inst);
	before = mdk_call_begin();
	if (likely(!READ_ONCE(inst->fenced))) {
		value = mdk_reg_apply(reg, stored, val, enabled, was);
		if (at)
			reg->written_at(&inst->base, reg, element->index, value);
		else if (reg->written)
			reg->written(&inst->base, reg, value);
		if (element && element->flags & MDK_ELEMENT_RING)
			mdk_rings_written(inst, element, stored - inst->vals, *was, value);
	}
	mdk_call_end(inst->plan->host, "written", reg->name, &before);
	mdk_inst_unlock(inst);
	return value;
}

/* Nothing else is at such a place: model/check_rings_more.c. */
static noinline void mdk_bank_store(struct mdk_inst *inst, const struct mdk_reg *reg,
				    const struct mdk_element *element, u32 val, u32 enabled)
{
	atomic_t *stored = mdk_bank_at(inst, element);
	u32 was;

	if (!stored)
		return;
	if (element->flags & MDK_ELEMENT_RING)
		mdk_reg_call_written(inst, reg, element, stored, val, enabled, &was);
	else
		mdk_reg_apply(reg, stored, val, enabled, &was);
}

/* Ones written to the register by which a guest clears bits of a mask. */
static void mdk_element_clears(struct mdk_inst *inst, const struct mdk_slot *slot, u32 i, u32 bits)
{
	u32 mask = slot->elements[i].mask;
	u32 was = atomic_fetch_andnot(bits, &inst->vals[slot->first_val + mask]);

	mdk_element_changed(inst, slot, mask, was, was & ~bits);
}

/* A write to a register of a table with elements. Bits outside of reg->mask stay as they were. */
static noinline void mdk_element_store(struct mdk_inst *inst, const struct mdk_slot *slot, u32 i,
				       u32 val, u32 enabled)
{
	const struct mdk_element *element = &slot->elements[i];
	const struct mdk_reg *reg = mdk_slot_reg(slot, element->row);
	atomic_t *stored = &inst->vals[slot->first_val + i];
	u32 was, now;

	if (element->flags & MDK_ELEMENT_BANKED) {
		mdk_bank_store(inst, reg, element, val, enabled);
		return;
	}
	/* What else the write says is gone with the reset. */
	if (element->flags & MDK_ELEMENT_RESETS && val & enabled & reg->resets) {
		inst->plan->host->reset_by_register(inst);
		return;
	}
	if (element->flags & MDK_ELEMENT_CLEARS) {
		mdk_element_clears(inst, slot, i, val & enabled & reg->mask);
		return;
	}
	if (reg->written || element->flags & (MDK_ELEMENT_WRITTEN_AT | MDK_ELEMENT_RING))
		now = mdk_reg_call_written(inst, reg, element, stored, val, enabled, &was);
	else
		now = mdk_reg_apply(reg, stored, val, enabled, &was);
	was &= reg->mask;
	/* What was written are ones, besides those that were there. */
	if (reg->kind == MDK_REG_KIND_W1S)
		now |= was;
	mdk_element_changed(inst, slot, i, was, now);
}

/* @enabled: a one for each bit of @val that was written. */
void mdk_regs_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word, u32 val,
		      u32 enabled)
{
	u32 entry = mdk_map_at(slot, word), i = (entry & MDK_MAP_NUMBER) - 1, was;
	const struct mdk_reg *reg;
	atomic_t *stored;

	if (unlikely(!entry)) {
		u64 off = 4ULL * word;

		if (mdk_msix_holds(slot, off))
			mdk_msix_store32(inst, slot, off, val, enabled);
		else
			mdk_hole(inst, slot, word, true);
		return;
	}
	reg = mdk_slot_reg(slot, i);
	stored = &inst->vals[slot->first_val + i];
	if (likely(entry & MDK_MAP_PLAIN))
		mdk_word_change(stored, reg->mask & enabled, val);
	else if (slot->elements)
		mdk_element_store(inst, slot, i, val, enabled);
	else if (!reg->written)
		mdk_reg_apply(reg, stored, val, enabled, &was);
	else
		mdk_reg_call_written(inst, reg, NULL, stored, val, enabled, &was);
}

/* Of a counter both halves are of one moment, whoever else reads it. */
static noinline u64 mdk_elements_load64(struct mdk_inst *inst, const struct mdk_slot *slot,
					u32 word)
{
	int i = mdk_reg_at(slot, word);
	u32 low;

	if (i >= 0 && slot->elements[i].flags & MDK_ELEMENT_LOW)
		return mdk_counter64_load(inst, mdk_slot_row(slot, i), &slot->elements[i]);
	low = mdk_regs_load32(inst, slot, word);
	return low | (u64)mdk_regs_load32(inst, slot, word + 1) << 32;
}

static u64 mdk_regs_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	u32 word = mdk_word_at(off);

	if (width == 8 && slot->elements)
		return mdk_elements_load64(inst, slot, word);
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

static void mdk_bank_reset(struct mdk_inst *inst, const struct mdk_element *element, u32 value)
{
	u32 i;

	if (!(element->flags & MDK_ELEMENT_BANKED))
		return;
	for (i = 0; i < element->end_ring - element->first_ring; i++)
		atomic_set(&inst->vals[element->bank + i], value);
}

static void mdk_slot_reset(struct mdk_inst *inst, const struct mdk_slot *slot)
{
	const struct mdk_reg *reg;
	u32 i;

	for (i = 0; i < slot->nr_vals; i++) {
		reg = mdk_slot_row(slot, i);
		if (slot->elements)
			mdk_bank_reset(inst, &slot->elements[i], reg->reset);
		/* The monitor is the user's: access/edid.c forgets it at the last close. */
		if (reg->kind != MDK_REG_KIND_EDID)
			atomic_set(&inst->vals[slot->first_val + i], reg->reset);
	}
}

void mdk_regs_reset(struct mdk_inst *inst)
{
	const struct mdk_slot *slot = inst->plan->slots;
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		if (slot[i].kind == MDK_REGION_KIND_REGS)
			mdk_slot_reset(inst, &slot[i]);
	mdk_counters64_reset(inst);
	mdk_causes_follow(inst);
}

/* For a migration: what is not the value of another one, nor is made from something else */

static bool mdk_element_keeps(const struct mdk_slot *slot, u32 i)
{
	const u32 others = MDK_ELEMENT_LOW | MDK_ELEMENT_HIGH | MDK_ELEMENT_CLEARS |
			   MDK_ELEMENT_BANKED;

	return !slot->elements || !(slot->elements[i].flags & others);
}

bool mdk_number_keeps(const struct mdk_slot *slot, u32 i)
{
	return mdk_element_keeps(slot, i) && mdk_reg_stores(mdk_slot_row(slot, i)->kind);
}

int mdk_reg_number(const struct mdk_slot *slot, u32 word)
{
	return mdk_reg_at(slot, word);
}

bool mdk_reg_keeps(const struct mdk_slot *slot, u32 word)
{
	int i = slot->kind == MDK_REGION_KIND_REGS ? mdk_reg_at(slot, word) : -1;

	return i >= 0 && mdk_number_keeps(slot, i);
}

u32 mdk_regs_kept(const struct mdk_slot *slot)
{
	u32 word, nr = 0;

	for (word = 0; word < slot->nr_map; word++)
		nr += mdk_reg_keeps(slot, word);
	return nr;
}

atomic_t *mdk_reg_kept(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word)
{
	if (!mdk_reg_keeps(slot, word))
		return NULL;
	return &inst->vals[slot->first_val + mdk_reg_at(slot, word)];
}

/* For the driver */

/**
 * struct mdk_found - a register that the driver names
 * @inst: the instance
 * @slot: its region
 * @i: its number in the region
 * @val: its value
 * @none: what is read if there is none
 */
struct mdk_found {
	struct mdk_inst *inst;
	const struct mdk_slot *slot;
	u32 i;
	atomic_t *val;
	u32 none;
};

/* Of a ring that a guest selects. Return: false if it has selected none that there is. */
static bool mdk_bank_find(const struct mdk_element *element, struct mdk_found *found)
{
	found->val = mdk_bank_at(found->inst, element);
	return found->val;
}

static bool mdk_reg_find(struct mdk_dev *dev, u32 region, u32 offset, struct mdk_found *found)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	const struct mdk_slot *slot = mdk_slot_at(inst, region);
	int i = -1;

	if (slot && slot->kind == MDK_REGION_KIND_REGS)
		i = mdk_reg_at(slot, offset >> 2);
	if (i < 0) {
		dev_warn_once(mdev_dev(inst->mdev), "model %s has no register at region %u offset 0x%x: the driver asks for one; correct region or offset there [K72]\n",
			      inst->plan->host->model.name, region, offset);
		found->none = ~0U;
		return false;
	}
	i = mdk_reg_kept_at(slot, i);
	*found = (struct mdk_found){ inst, slot, i, &inst->vals[slot->first_val + i] };
	if (slot->elements && slot->elements[i].flags & MDK_ELEMENT_BANKED)
		return mdk_bank_find(&slot->elements[i], found);
	return true;
}

static void mdk_found_changed(const struct mdk_found *found, u32 was, u32 now)
{
	if (found->slot->elements)
		mdk_element_changed(found->inst, found->slot, found->i, was, now);
	if (found->inst->migration)
		mdk_reg_cannot_move(found->inst, found->slot, found->i, now);
}

u32 mdk_reg_get(struct mdk_dev *dev, u32 region, u32 offset)
{
	struct mdk_found found;

	return mdk_reg_find(dev, region, offset, &found) ? atomic_read(found.val) : found.none;
}

void mdk_reg_set(struct mdk_dev *dev, u32 region, u32 offset, u32 value)
{
	struct mdk_found found;

	if (mdk_reg_find(dev, region, offset, &found))
		mdk_found_changed(&found, atomic_xchg(found.val, value), value);
}

void mdk_reg_set_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits)
{
	struct mdk_found found;
	u32 was;

	if (!mdk_reg_find(dev, region, offset, &found))
		return;
	was = atomic_fetch_or(bits, found.val);
	mdk_found_changed(&found, was, was | bits);
}

void mdk_reg_clear_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 bits)
{
	struct mdk_found found;
	u32 was;

	if (!mdk_reg_find(dev, region, offset, &found))
		return;
	was = atomic_fetch_andnot(bits, found.val);
	mdk_found_changed(&found, was, was & ~bits);
}

u32 mdk_reg_update_bits(struct mdk_dev *dev, u32 region, u32 offset, u32 mask, u32 value)
{
	struct mdk_found found;
	u32 was, now;

	if (!mdk_reg_find(dev, region, offset, &found))
		return found.none;
	now = mdk_word_change_from(found.val, mask, value, &was);
	mdk_found_changed(&found, was, now);
	return now;
}

u32 mdk_reg_update(struct mdk_dev *dev, struct mdk_at at, u32 mask, u32 value)
{
	return mdk_reg_update_bits(dev, at.region, at.offset, mask, value);
}

void mdk_counter_add(struct mdk_dev *dev, struct mdk_at at, u64 more)
{
	const struct mdk_element *element;
	struct mdk_found found;

	if (!mdk_reg_find(dev, at.region, at.offset, &found))
		return;
	element = found.slot->elements ? &found.slot->elements[found.i] : NULL;
	if (element && element->flags & MDK_ELEMENT_LOW)
		mdk_counter64_add(found.inst, element, more);
	else
		dev_warn_once(mdev_dev(found.inst->mdev), "model %s has no counter at region %u offset 0x%x: the driver counts there; make it MDK_REG_COUNTER64, or correct the place [K184]\n",
			      found.inst->plan->host->model.name, at.region, at.offset);
}
