// SPDX-License-Identifier: GPL-2.0-only
/*
 * A BAR through configuration space, for a guest that cannot map it, such as a BIOS: a capability
 * says where and how wide, and its last four bytes are what lies there. A place that is none shows
 * what was written, as memory does.
 */
#include <linux/bits.h>
#include <linux/nospec.h>
#include <linux/pci_regs.h>

#include "model/slot.h"
#include "run/access/config.h"
#include "run/instance/instance.h"
#include "config_store.h"
#include "config_window.h"

/**
 * struct mdk_window - what the guest asks for
 * @slot: its BAR; NULL: it is no place
 * @off: bytes from its start
 * @width: 1, 2 or 4 bytes
 */
struct mdk_window {
	const struct mdk_slot *slot;
	u32 off;
	u32 width;
};

static u32 mdk_window_get(const struct mdk_inst *inst, u32 at)
{
	return atomic_read(&inst->config[(inst->plan->config->window + at) / 4]);
}

/* As one step of an access to the BAR itself, whose size is a power of two. */
static bool mdk_window_fits(const struct mdk_slot *slot, const struct mdk_window *window)
{
	u32 width = window->width;

	if (!slot->ops || (width != 1 && width != 2 && width != 4))
		return false;
	if (width < slot->valid.min || width > slot->valid.max || window->off & (width - 1))
		return false;
	return window->off < slot->size;
}

static struct mdk_window mdk_window_of(const struct mdk_inst *inst)
{
	struct mdk_window window = {
		.off = mdk_window_get(inst, MDK_WINDOW_OFFSET),
		.width = mdk_window_get(inst, MDK_WINDOW_WIDTH),
	};
	u32 bar = mdk_window_get(inst, MDK_WINDOW_BAR) & 0xff;
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

static u64 mdk_config_window_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				  unsigned int width)
{
	struct mdk_window window;
	u32 mask, val;

	if (!mdk_window_is_data(inst, off))
		return mdk_config_live_load(inst, slot, off, width);
	val = mdk_window_get(inst, MDK_WINDOW_DATA);
	window = mdk_window_of(inst);
	if (window.slot) {
		mask = GENMASK(8 * window.width - 1, 0);
		val &= ~mask;
		val |= window.slot->ops->load(inst, window.slot, window.off, window.width) & mask;
	}
	return val >> 8 * (off & 3);
}

static void mdk_config_window_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
				    unsigned int width, u64 val)
{
	struct mdk_window window;

	mdk_config_live_slot_ops.store(inst, slot, off, width, val);
	if (!mdk_window_is_data(inst, off))
		return;
	window = mdk_window_of(inst);
	if (window.slot && window.slot->flags & MDK_SLOT_WRITE)
		window.slot->ops->store(inst, window.slot, window.off, window.width,
					mdk_window_get(inst, MDK_WINDOW_DATA) &
						GENMASK(8 * window.width - 1, 0));
}

const struct mdk_slot_ops mdk_config_window_slot_ops = {
	.load = mdk_config_window_load,
	.store = mdk_config_window_store,
};
