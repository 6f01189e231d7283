// SPDX-License-Identifier: GPL-2.0-only
/*
 * A BAR through configuration space, for a guest that cannot map it, such as a BIOS: a capability
 * says where and how wide, and its last four bytes are what lies there. A place that is none shows
 * what was written, as memory does.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/nospec.h>
#include <linux/pci_regs.h>

#include "model/slot.h"
#include "run/access/config.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "config_store.h"

/**
 * struct mdk_window - what the guest asks for, all of one moment
 * @slot: its BAR; NULL: it is no place
 * @off: bytes from its start
 * @width: 1, 2 or 4 bytes; 0: it is none of them
 * @data: the last four bytes
 */
struct mdk_window {
	const struct mdk_slot *slot;
	u32 off;
	u32 width;
	u32 data;
};

static atomic_t *mdk_window_word(struct mdk_inst *inst, u32 at)
{
	return &inst->config[(inst->plan->config->window + at) / 4];
}

static u32 mdk_window_width(u32 asked)
{
	static const u8 widths[] = { 0, 1, 2, 0, 4 };

	return asked < ARRAY_SIZE(widths) ?
		       widths[array_index_nospec(asked, ARRAY_SIZE(widths))] : 0;
}

/* As one step of an access to the BAR itself, whose size is a power of two. */
static bool mdk_window_fits(const struct mdk_slot *slot, const struct mdk_window *window)
{
	u32 width = window->width;

	if (!slot->ops || !width || width < slot->valid.min || width > slot->valid.max)
		return false;
	return !(window->off & (width - 1)) && window->off < slot->size;
}

/* Under mdk_inst.callbacks, as are all that change it. */
static struct mdk_window mdk_window_of(struct mdk_inst *inst)
{
	struct mdk_window window = {
		.off = atomic_read(mdk_window_word(inst, MDK_WINDOW_OFFSET)),
		.width = mdk_window_width(atomic_read(mdk_window_word(inst, MDK_WINDOW_WIDTH))),
		.data = atomic_read(mdk_window_word(inst, MDK_WINDOW_DATA)),
	};
	u32 bar = atomic_read(mdk_window_word(inst, MDK_WINDOW_BAR)) & 0xff;
	const struct mdk_slot *slot;

	if (bar >= PCI_STD_NUM_BARS)
		return window;
	slot = &READ_ONCE(inst->slots)[array_index_nospec(bar, PCI_STD_NUM_BARS)];
	if (mdk_window_fits(slot, &window))
		window.slot = slot;
	return window;
}

static bool mdk_window_is_data(const struct mdk_inst *inst, u64 off)
{
	return off / 4 == (inst->plan->config->window + MDK_WINDOW_DATA) / 4;
}

/*
 * What was read stays in the data, unless somebody has changed or reset it meanwhile. Return: the
 * data as it is with that.
 */
static u32 mdk_window_keep(struct mdk_inst *inst, const struct mdk_window *window, u32 val)
{
	u32 mask = GENMASK(8 * window->width - 1, 0);
	u32 data = (window->data & ~mask) | (val & mask);
	struct mdk_window now;

	mdk_inst_lock(inst);
	now = mdk_window_of(inst);
	if (now.slot == window->slot && now.off == window->off && now.width == window->width &&
	    now.data == window->data)
		atomic_set(mdk_window_word(inst, MDK_WINDOW_DATA), data);
	mdk_inst_unlock(inst);
	return data;
}

static u64 mdk_config_window_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				  unsigned int width)
{
	struct mdk_window window;
	u32 val;

	if (!mdk_window_is_data(inst, off))
		return mdk_config_live_load(inst, slot, off, width);
	mdk_inst_lock(inst);
	window = mdk_window_of(inst);
	mdk_inst_unlock(inst);
	val = window.data;
	if (window.slot)
		val = mdk_window_keep(inst, &window,
				      window.slot->ops->load(inst, window.slot, window.off,
							     window.width));
	return val >> 8 * (off & 3);
}

/* The BAR's op takes the lock by itself, and may wait for a worker. */
static void mdk_config_window_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				    unsigned int width, u64 val)
{
	u32 shift = 8 * (off & 3);
	struct mdk_window window;

	if (!mdk_window_is_data(inst, off)) {
		mdk_config_live_slot_ops.store(inst, slot, off, width, val);
		return;
	}
	mdk_inst_lock(inst);
	mdk_config_put(inst, (inst->plan->config->window + MDK_WINDOW_DATA) / 4, (u32)val << shift,
		       (u32)GENMASK(8 * width - 1, 0) << shift);
	window = mdk_window_of(inst);
	mdk_inst_unlock(inst);
	if (window.slot && window.slot->flags & MDK_SLOT_WRITE)
		window.slot->ops->store(inst, window.slot, window.off, window.width,
					window.data & GENMASK(8 * window.width - 1, 0));
}

const struct mdk_slot_ops mdk_config_window_slot_ops = {
	.load = mdk_config_window_load,
	.store = mdk_config_window_store,
};
