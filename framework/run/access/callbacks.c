// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regions of callbacks. The widths that a guest may use and those that the driver takes differ:
 * wider accesses are split, a narrower one becomes part of an access of the driver's width.
 */
#include "run/instance/vendor_checks.h"
#include "callbacks.h"
#include "msix.h"

static u64 mdk_width_mask(unsigned int width)
{
	return width == 8 ? U64_MAX : BIT_ULL(8 * width) - 1;
}

static u64 mdk_call_read(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	const struct mdk_region *region = slot->region;
	struct mdk_call_state before = mdk_call_begin();
	u64 val = region->ops->read(&inst->base, region, off, width);

	mdk_call_end(inst->plan->host, "read", region->name, &before);
	return val & mdk_width_mask(width);
}

static void mdk_call_write(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width, u64 val)
{
	const struct mdk_region *region = slot->region;
	struct mdk_call_state before = mdk_call_begin();

	region->ops->write(&inst->base, region, off, width, val);
	mdk_call_end(inst->plan->host, "write", region->name, &before);
}

/* In steps of at most the driver's maximal width, and at least its minimal one. */
static u64 mdk_callback_gather(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			       unsigned int width)
{
	unsigned int step = min_t(unsigned int, width, slot->impl.max), done;
	u64 val = 0;

	if (width < slot->impl.min) {
		u64 base = round_down(off, slot->impl.min);

		return mdk_call_read(inst, slot, base, slot->impl.min) >> (8 * (off - base));
	}
	for (done = 0; done < width; done += step)
		val |= mdk_call_read(inst, slot, off + done, step) << (8 * done);
	return val;
}

static void mdk_callback_scatter(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				 unsigned int width, u64 val)
{
	unsigned int step = min_t(unsigned int, width, slot->impl.max), done;
	u64 base, old, mask;

	if (width < slot->impl.min) {
		base = round_down(off, slot->impl.min);
		mask = mdk_width_mask(width) << (8 * (off - base));
		old = mdk_call_read(inst, slot, base, slot->impl.min);
		mdk_call_write(inst, slot, base, slot->impl.min,
			       (old & ~mask) | (val << (8 * (off - base)) & mask));
		return;
	}
	for (done = 0; done < width; done += step)
		mdk_call_write(inst, slot, off + done, step,
			       val >> (8 * done) & mdk_width_mask(step));
}

static u64 mdk_callback_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			     unsigned int width)
{
	u64 val = U64_MAX;

	if (unlikely(mdk_msix_holds(slot, off)))
		return mdk_msix_load(inst, slot, off, width);
	mdk_inst_lock(inst);
	if (likely(!READ_ONCE(inst->fenced)))
		val = mdk_callback_gather(inst, slot, off, width);
	mdk_inst_unlock(inst);
	return val;
}

static void mdk_callback_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			       unsigned int width, u64 val)
{
	if (unlikely(mdk_msix_holds(slot, off))) {
		mdk_msix_store(inst, slot, off, width, val);
		return;
	}
	mdk_inst_lock(inst);
	if (likely(!READ_ONCE(inst->fenced)))
		mdk_callback_scatter(inst, slot, off, width, val);
	mdk_inst_unlock(inst);
}

const struct mdk_slot_ops mdk_callback_slot_ops = {
	.load = mdk_callback_load,
	.store = mdk_callback_store,
};
