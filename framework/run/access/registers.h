/* SPDX-License-Identifier: GPL-2.0-only */
/* Register tables. */
#ifndef MDK_REGISTERS_H
#define MDK_REGISTERS_H

#include <linux/minmax.h>

#include "run/instance/instance.h"
#include "slot_ops.h"

extern const struct mdk_slot_ops mdk_regs_slot_ops;

/*
 * A region may have more words than a u32 can count; register tables end far below. The clamp
 * leaves room to count on within the same access without an overflow.
 */
static inline u32 mdk_word_at(u64 off)
{
	return min_t(u64, off / 4, U32_MAX - SZ_4K);
}

u32 mdk_regs_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word);
void mdk_regs_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word, u32 val,
		      u32 enabled);
void mdk_regs_reset(struct mdk_inst *inst);

/* For a migration: registers of a slot that keep a value of their own, and such a value or NULL. */
u32 mdk_regs_kept(const struct mdk_slot *slot);
bool mdk_reg_keeps(const struct mdk_slot *slot, u32 word);
/* Its number in the slot; negative for a hole. And what it keeps, by that. */
int mdk_reg_number(const struct mdk_slot *slot, u32 word);
bool mdk_number_keeps(const struct mdk_slot *slot, u32 i);
atomic_t *mdk_reg_kept(struct mdk_inst *inst, const struct mdk_slot *slot, u32 word);

/* The register at a word, or NULL. */
const struct mdk_reg *mdk_slot_reg_at(const struct mdk_slot *slot, u32 word);

#endif /* MDK_REGISTERS_H */
