// SPDX-License-Identifier: GPL-2.0-only
/* Counters of 64 bits, which a guest may read in two halves. */
#include <linux/delay.h>
#include <linux/slab.h>

#include "model/stream.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "counters64.h"

/**
 * struct mdk_counter64 - one counter
 * @value: without .read64
 * @high: what a read of the high half finds: as it was when the low half was read
 */
struct mdk_counter64 {
	atomic64_t value;
	atomic_t high;
};

int mdk_counters64_alloc(struct mdk_inst *inst)
{
	u32 nr = inst->plan->nr_counters64;

	if (!nr)
		return 0;
	inst->counters64 = kvcalloc(nr, sizeof(*inst->counters64), GFP_KERNEL);
	return inst->counters64 ? 0 : -ENOMEM;
}

void mdk_counters64_free(struct mdk_inst *inst)
{
	kvfree(inst->counters64);
}

void mdk_counters64_reset(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < inst->plan->nr_counters64; i++) {
		atomic64_set(&inst->counters64[i].value, 0);
		atomic_set(&inst->counters64[i].high, 0);
	}
}

/* Under mdk_inst.callbacks. */
static u64 mdk_counter64_call(struct mdk_inst *inst, const struct mdk_reg *reg)
{
	struct mdk_call_state before = mdk_call_begin();
	u64 val = U64_MAX;

	if (likely(!READ_ONCE(inst->fenced)))
		val = reg->read64(&inst->base, reg);
	mdk_call_end(inst->plan->host, "read64", reg->name, &before);
	return val;
}

static u64 mdk_counter64_stored(struct mdk_inst *inst, const struct mdk_element *element)
{
	return atomic64_read(&inst->counters64[element->counter].value);
}

static u64 mdk_counter64_get(struct mdk_inst *inst, const struct mdk_reg *reg,
			     const struct mdk_element *element)
{
	u64 val;

	if (!reg->read64)
		return mdk_counter64_stored(inst, element);
	mdk_inst_lock(inst);
	val = mdk_counter64_call(inst, reg);
	mdk_inst_unlock(inst);
	return val;
}

bool mdk_counter64_peek(struct mdk_inst *inst, const struct mdk_reg *reg,
			const struct mdk_element *element, unsigned int *patience_ms, u64 *val)
{
	if (!reg->read64) {
		*val = mdk_counter64_stored(inst, element);
		return true;
	}
	while (!mdk_inst_trylock(inst)) {
		if (!*patience_ms)
			return false;
		*patience_ms -= 1;
		usleep_range(1000, 2000);
	}
	*val = mdk_counter64_call(inst, reg);
	mdk_inst_unlock(inst);
	return true;
}

u64 mdk_counter64_load(struct mdk_inst *inst, const struct mdk_reg *reg,
		       const struct mdk_element *element)
{
	u64 val = mdk_counter64_get(inst, reg, element);

	atomic_set(&inst->counters64[element->counter].high, upper_32_bits(val));
	return val;
}

u32 mdk_counter64_load32(struct mdk_inst *inst, const struct mdk_reg *reg,
			 const struct mdk_element *element)
{
	if (element->flags & MDK_ELEMENT_LOW)
		return lower_32_bits(mdk_counter64_load(inst, reg, element));
	return atomic_read(&inst->counters64[element->counter].high);
}

void mdk_counter64_add(struct mdk_inst *inst, const struct mdk_element *element, u64 more)
{
	atomic64_add(more, &inst->counters64[element->counter].value);
}

/* For a migration */

u64 mdk_counters64_len(const struct mdk_inst *inst, u32 i)
{
	return 16ULL * inst->plan->nr_counters64;
}

void mdk_counters64_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	u32 k;

	for (k = 0; k < inst->plan->nr_counters64; k++) {
		mdk_stream_put(out, 8, atomic64_read(&inst->counters64[k].value));
		mdk_stream_put(out, 8, (u32)atomic_read(&inst->counters64[k].high));
	}
}

void mdk_counters64_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u32 k;

	for (k = 0; k < inst->plan->nr_counters64; k++) {
		atomic64_set(&inst->counters64[k].value, mdk_stream_get(record->data + 16 * k, 8));
		atomic_set(&inst->counters64[k].high,
			   mdk_stream_get(record->data + 16 * k + 8, 4));
	}
}
