// SPDX-License-Identifier: GPL-2.0-only
/* The tables of rows, const. */
#include <linux/pci.h>

#include <mdk/mdk.h>

struct weights {
	u32 weight;
	u32 batch;
};

static const struct pci_device_id ids[] = { {} };

static const struct mdk_reg regs[] = {
	MDK_REG_RSVD(0, "NOTHING"),
	MDK_REG_RW(4, "MODE", 0, 0x31, MDK_REG_BITS(MDK_BIT(0, "ON"), MDK_BITS(5, 4, "MODE"))),
	MDK_REG_COUNTER64(8, "DONE"),
	MDK_REG_EDID(0x80, "EDID", 128),
};

static const struct mdk_region regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, regs),
	MDK_BAR_HW(2, "page", SZ_4K, 0),
	MDK_ROM("rom", SZ_4K),
};

static const struct mdk_param params[] = {
	MDK_PARAM_U32("card", "weight", struct weights, weight, .min = 1, .max = 8, .dflt = 1),
};

static const struct mdk_cause causes[] = {
	MDK_CAUSE(0, 0x4, 0, .mask = 0x8, .polarity = MDK_ONE_MASKS, .to = MDK_TO_MSIX(1)),
};

static int fill(struct mdk_dev *dev, const struct mdk_job *job)
{
	return 0;
}

static const struct mdk_ring_row rings[] = {
	MDK_RING("tx", .driver_starts = true, .tail = MDK_AT(0, 0x18), .max = 64, .desc_size = 16,
		 MDK_RING_BATCH(struct weights, batch), .work = fill),
};

static const struct mdk_pci_kind kinds[] = { { .bar = 0, .vectors = 1 } };

static const struct mdk_pci_parent card =
	MDK_PCI_PARENT(ids, MDK_PCI_KINDS(kinds), .data_size = sizeof(struct weights));

static const struct mdk_model model = {
	.name = "card",
	.state_size = sizeof(struct weights),
	MDK_REGIONS(regions),
	MDK_PARAMS(params),
	MDK_CAUSES(causes),
	MDK_RINGS(rings),
};
module_mdk_pci_driver(model, card);
