/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits of registers that can change: by a guest, by the driver as its row says, by the SDK. A
 * stream with other ones would give a driver what it cannot get otherwise.
 */
#ifndef MDK_REG_BITS_H
#define MDK_REG_BITS_H

#include <linux/types.h>

struct mdk_inst;
struct mdk_slot;

/**
 * mdk_reg_strange() - what of a value nobody can have made
 * @inst: the instance
 * @slot: its region
 * @i: number of the register there, one that is kept
 * @value: the value
 *
 * Context: any. Return: the bits that differ from the power-on value, and can never do so.
 */
u32 mdk_reg_strange(const struct mdk_inst *inst, const struct mdk_slot *slot, u32 i, u32 value);

/* Return: true, with a message: the driver gave register number @i what no stream may have. */
bool mdk_reg_cannot_move(const struct mdk_inst *inst, const struct mdk_slot *slot, u32 i,
			 u32 value);

/* Return: 0; -EINVAL with a message: a register has a value that no stream may have. */
int mdk_migration_regs_good(const struct mdk_inst *inst);

#endif /* MDK_REG_BITS_H */
