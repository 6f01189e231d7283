/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions made of pages of the parent; what drivers may call is in mdk/parent.h. */
#ifndef MDK_HARDWARE_H
#define MDK_HARDWARE_H

#include "slot_ops.h"

extern const struct mdk_slot_ops mdk_hw_slot_ops;

void mdk_hw_free(struct mdk_inst *inst);
bool mdk_hw_pfn(struct mdk_inst *inst, u64 index, u64 off, unsigned long *pfn);

#endif /* MDK_HARDWARE_H */
