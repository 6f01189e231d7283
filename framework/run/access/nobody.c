// SPDX-License-Identifier: GPL-2.0-only
/* Hardware that is gone or away: reads are all-ones, writes are dropped, no callback is called. */
#include <linux/limits.h>

#include "nobody.h"

static u64 mdk_void_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width)
{
	return U64_MAX;
}

static void mdk_void_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			   unsigned int width, u64 val)
{
}

const struct mdk_slot_ops mdk_void_slot_ops = {
	.load = mdk_void_load,
	.store = mdk_void_store,
};
