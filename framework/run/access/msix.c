// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSI-X table and pending bits, laid over a part of a BAR of any kind. The table is mere storage:
 * VFIO users mask vectors by themselves and often do not write to it, so no delivery looks at it.
 */
#include <linux/pci_regs.h>

#include "run/instance/instance.h"
#include "msix.h"

/* Bits of the four words of an entry that can be changed. */
static const u32 mdk_msix_write[PCI_MSIX_ENTRY_SIZE / 4] = {
	[PCI_MSIX_ENTRY_LOWER_ADDR / 4] = 0xfffffffc,
	[PCI_MSIX_ENTRY_UPPER_ADDR / 4] = 0xffffffff,
	[PCI_MSIX_ENTRY_DATA / 4] = 0xffffffff,
	[PCI_MSIX_ENTRY_VECTOR_CTRL / 4] = PCI_MSIX_ENTRY_CTRL_MASKBIT,
};

u32 mdk_msix_load32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off)
{
	u64 at = off - slot->msix_table.first;

	if (at < slot->msix_table.size)
		return atomic_read(&inst->msix[array_index_nospec(at, slot->msix_table.size) / 4]);
	return off - slot->msix_pba.first < slot->msix_pba.size ? 0 : ~0U;
}

void mdk_msix_store32(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, u32 val,
		      u32 enabled)
{
	u64 at = off - slot->msix_table.first;
	u32 bits;

	if (at >= slot->msix_table.size)
		return;
	bits = enabled & mdk_msix_write[at / 4 % ARRAY_SIZE(mdk_msix_write)];
	mdk_word_change(&inst->msix[array_index_nospec(at, slot->msix_table.size) / 4], bits, val);
}

u64 mdk_msix_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off, unsigned int width)
{
	u64 base = round_down(off, 4), val = mdk_msix_load32(inst, slot, base);

	if (width == 8)
		return val | (u64)mdk_msix_load32(inst, slot, base + 4) << 32;
	return val >> (8 * (off & 3));
}

void mdk_msix_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width, u64 val)
{
	unsigned int shift = 8 * (off & 3);

	if (width == 8) {
		mdk_msix_store32(inst, slot, off, lower_32_bits(val), ~0U);
		mdk_msix_store32(inst, slot, off + 4, upper_32_bits(val), ~0U);
		return;
	}
	mdk_msix_store32(inst, slot, round_down(off, 4), (u32)val << shift,
			 (u32)GENMASK(8 * width - 1, 0) << shift);
}

/* RAM with one of the two in it is accessed in steps; other RAM is copied as a whole. */

static u64 mdk_msix_ram_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			     unsigned int width)
{
	__le64 val = 0;

	if (mdk_msix_holds(slot, off))
		return mdk_msix_load(inst, slot, off, width);
	memcpy(&val, inst->ram[slot->region->index] + off, width);
	return le64_to_cpu(val);
}

static void mdk_msix_ram_store(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			       unsigned int width, u64 val)
{
	__le64 raw = cpu_to_le64(val);

	if (mdk_msix_holds(slot, off))
		mdk_msix_store(inst, slot, off, width, val);
	else
		memcpy(inst->ram[slot->region->index] + off, &raw, width);
}

const struct mdk_slot_ops mdk_msix_ram_slot_ops = {
	.load = mdk_msix_ram_load,
	.store = mdk_msix_ram_store,
};

/* Power-on: every vector is masked. */
void mdk_msix_reset(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < inst->plan->nr_msix; i++)
		atomic_set(&inst->msix[i], i % 4 == PCI_MSIX_ENTRY_VECTOR_CTRL / 4 ?
						   PCI_MSIX_ENTRY_CTRL_MASKBIT : 0);
}
