/* SPDX-License-Identifier: GPL-2.0-only */
/* A value by the names that a register's bits have: MDK_REG_BITS(). */
#ifndef MDK_RUN_BITS_H
#define MDK_RUN_BITS_H

#include "model/desc.h"

/* Room for what the tracepoint shows. */
#define MDK_BITS_TEXT 64

/*
 * " (START MODE=0x2)": those of @known that are not zero in @value, as far as they fit; "" if there
 * are none.
 */
void mdk_bits_name(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 value, u32 known,
		   char *text, size_t size);

#endif /* MDK_RUN_BITS_H */
