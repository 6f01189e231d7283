/* SPDX-License-Identifier: GPL-2.0-only */
/* MSI-X table and pending bits. */
#ifndef MDK_MSIX_PRIVATE_H
#define MDK_MSIX_PRIVATE_H

#include "model/slot.h"
#include "slot_ops.h"

/* For RAM with one of the two in it. */
extern const struct mdk_slot_ops mdk_msix_ram_slot_ops;

/* Both begin and end at multiples of 8, so an aligned access is inside or outside as a whole. */
static inline bool mdk_msix_holds(const struct mdk_slot *slot, u64 off)
{
	return off - slot->msix_table.first < slot->msix_table.size ||
	       off - slot->msix_pba.first < slot->msix_pba.size;
}

static inline bool mdk_msix_any(const struct mdk_slot *slot)
{
	return slot->msix_table.size || slot->msix_pba.size;
}

/* Outside of table and pending bits reads are all-ones and writes are dropped. */
u32 mdk_msix_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off);
void mdk_msix_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, u32 val,
		      u32 enabled);

u64 mdk_msix_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, unsigned int width);
void mdk_msix_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width, u64 val);
void mdk_msix_reset(struct mdk_inst *inst);

#endif /* MDK_MSIX_PRIVATE_H */
