/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kinds of regions answer accesses; run/plans.c has the table of them. */
#ifndef MDK_SLOT_OPS_H
#define MDK_SLOT_OPS_H

#include <linux/types.h>

struct mdk_inst;
struct mdk_slot;

/**
 * struct mdk_slot_ops - how one kind of region answers
 * @load: @width (1, 2, 4, 8) bytes at @off; the bytes are inside, @off is aligned to @width
 * @store: likewise
 */
struct mdk_slot_ops {
	u64 (*load)(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width);
	void (*store)(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		      unsigned int width, u64 val);
};

#endif /* MDK_SLOT_OPS_H */
