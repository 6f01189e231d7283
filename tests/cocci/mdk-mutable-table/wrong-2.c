// SPDX-License-Identifier: GPL-2.0-only
/* The tables of rows: parameters, causes, rings, cards. */
#include <linux/pci.h>

#include <mdk/mdk.h>

struct weights {
	u32 weight;
	u32 batch;
};

static const struct pci_device_id ids[] = { {} };

static struct mdk_bits mode_bits[] = { MDK_BIT(0, "ON"), MDK_BITS(5, 4, "MODE") }; /* finds: mdk-mutable-table */

static const struct mdk_reg regs[] = {
	MDK_REG_RW(0, "MODE", 0, 0x31, .bits = mode_bits, .nr_bits = ARRAY_SIZE(mode_bits)),
};

static const struct mdk_region regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, regs) };

static struct mdk_param params[] = { /* finds: mdk-mutable-table */
	MDK_PARAM_U32("card", "weight", struct weights, weight, .min = 1, .max = 8, .dflt = 1),
	MDK_PARAM_U32("card", "batch", struct weights, batch),
};

static struct mdk_cause causes[] = { /* finds: mdk-mutable-table */
	MDK_CAUSE(0, 0x4, 0, .mask = 0x8, .polarity = MDK_ONE_MASKS, .to = MDK_TO_MSIX(1)),
};

static int fill(struct mdk_dev *dev, const struct mdk_job *job)
{
	return 0;
}

static struct mdk_ring_row rings[] = { /* finds: mdk-mutable-table */
	MDK_RING("tx", .base = MDK_AT(0, 0x10), .size = MDK_AT(0, 0x14), .tail = MDK_AT(0, 0x18),
		 .max = 64, .desc_size = 16, .to = "cq", MDK_RING_BATCH(struct weights, batch),
		 .work = fill),
	MDK_COMPLETIONS("cq", 127, .base = MDK_AT(0, 0x20), .size = MDK_AT(0, 0x24),
			.head = MDK_AT(0, 0x28), .max = 64, .desc_size = 16),
};

static struct mdk_pci_kind kinds[] = { /* finds: mdk-mutable-table */
	{ .bar = 0, .vectors = 1 },
	{ .bar = 2, .vectors = 4 },
};

static struct mdk_pci_parent card = /* finds: mdk-mutable-table */
	MDK_PCI_PARENT(ids, MDK_PCI_KINDS(kinds), .data_size = sizeof(struct weights));

struct mdk_model model = { /* finds: mdk-mutable-table */
	.name = "card",
	.state_size = sizeof(struct weights),
	MDK_REGIONS(regions),
	MDK_PARAMS(params),
	MDK_CAUSES(causes),
	MDK_RINGS(rings),
};
module_mdk_pci_driver(model, card);
