// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/interrupts.md: a pin, MSI-X with its table, and the capabilities of a PCIe device. */
#include <mdk/mdk.h>

#define CARD_STATUS 0x00
#define CARD_START 0x04

static const struct mdk_irq card_irqs[] = { MDK_INTX(), MDK_MSIX(4), MDK_ERR() };

static const struct mdk_cap card_caps[] = {
	MDK_CAP_PCIE(),
	MDK_CAP_PM(),
	MDK_CAP_MSIX(.table_bar = 4, .table_offset = 0, .pba_bar = 4, .pba_offset = SZ_2K),
	MDK_XCAP_DSN(0x0002c9fffe000001),
};

/* The pin is up while a cause is left. */
static void card_cleared(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_intx_set(dev, mdk_reg_get(dev, 0, CARD_STATUS));
}

/* From a worker, a callback or the hardware's own handler: any context but NMI. */
static void card_event(struct mdk_dev *dev, u32 causes, u32 vector)
{
	mdk_reg_set_bits(dev, 0, CARD_STATUS, causes);
	mdk_intx_set(dev, true);
	mdk_irq_trigger(dev, MDK_IRQ_MSIX, vector);
}

static void card_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	card_event(dev, BIT(0), 0);
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_W1C(CARD_STATUS, "STATUS", GENMASK(3, 0), .written = card_cleared),
	MDK_REG_WO(CARD_START, "START", BIT(0), .written = card_start),
};

static const struct mdk_region card_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, card_regs),
	MDK_BAR_MEM(4, "MSI-X", SZ_4K, 0),
};

static void card_reset(struct mdk_dev *dev)
{
	mdk_intx_set(dev, false);
}

static const struct mdk_ops card_ops = { .reset = card_reset };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide interrupts", .cost = 1) };

static const struct mdk_model guide_interrupts = {
	.name = "guide_interrupts",
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_TYPES(card_types),
	.budget = 4,
	.ops = &card_ops,
};
module_mdk_driver(guide_interrupts);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/interrupts.md");
