// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/interrupts.md: causes, a pin, MSI-X with its table, capabilities of a PCIe device. */
#include <mdk/mdk.h>

#define CARD_STATUS 0x00
#define CARD_START 0x04
#define CARD_MASK 0x08
#define CARD_QUEUES 0x0c
#define CARD_QUEUES_ENABLE 0x10
#define CARD_QUEUES_DISABLE 0x14
#define CARD_VECTOR 0x18
#define CARD_GAP 0x1c
#define CARD_DONE BIT(0)
#define CARD_ERROR BIT(1)

struct card_state {
	u8 health[4];
};

static const u8 card_health_write[sizeof_field(struct card_state, health)] = { 0x0f };

static const struct mdk_irq card_irqs[] = { MDK_INTX(), MDK_MSIX(4), MDK_ERR() };

static const struct mdk_cap card_caps[] = {
	MDK_CAP_PCIE(),
	MDK_CAP_PM(),
	MDK_CAP_MSIX(.table_bar = 4, .table_offset = 0, .pba_bar = 4, .pba_offset = SZ_2K),
	MDK_XCAP_DSN(0x0002c9fffe000001),
	MDK_CAP_VENDOR_LIVE(struct card_state, health, card_health_write),
};

/* From a worker, a callback or the hardware's own handler: any context but NMI. */
static void card_finish(struct mdk_dev *dev, int ret)
{
	mdk_irq_raise(dev, ret ? CARD_DONE | CARD_ERROR : CARD_DONE);
}

static void card_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	card_finish(dev, 0);
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_W1C(CARD_STATUS, "STATUS", CARD_DONE | CARD_ERROR),
	MDK_REG_WO(CARD_START, "START", BIT(0), .written = card_start),
	MDK_REG_RW(CARD_MASK, "MASK", 0, CARD_DONE | CARD_ERROR),
	MDK_REG_W1C(CARD_QUEUES, "QUEUES", BIT(0)),
	MDK_REG_W1S(CARD_QUEUES_ENABLE, "QUEUES_ENABLE", BIT(0)),
	MDK_REG_W1C(CARD_QUEUES_DISABLE, "QUEUES_DISABLE", BIT(0)),
	MDK_REG_RW(CARD_VECTOR, "VECTOR", 0, GENMASK(7, 0)),
	MDK_REG_RW(CARD_GAP, "GAP", 0, GENMASK(15, 0)),
};

static const struct mdk_cause card_causes[] = {
	MDK_CAUSE(0, CARD_STATUS, 0, .mask = CARD_MASK, .polarity = MDK_ONE_MASKS),
	MDK_CAUSE(0, CARD_STATUS, 1, .mask = CARD_MASK, .polarity = MDK_ONE_MASKS,
		  .to = MDK_TO_MSIX(1)),
	MDK_CAUSE(0, CARD_QUEUES, 0, .mask = CARD_QUEUES_ENABLE, .polarity = MDK_ONE_ENABLES,
		  .mask_clear = CARD_QUEUES_DISABLE, .auto_mask = true, .vector_at = CARD_VECTOR,
		  .gap_us = 10, .gap_at = CARD_GAP),
};

static const struct mdk_region card_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, card_regs),
	MDK_BAR_MEM(4, "MSI-X", SZ_4K, 0),
};

static void card_reset(struct mdk_dev *dev)
{
	*(struct card_state *)mdk_state(dev) = (struct card_state){ .health = { 0, 100 } };
}

static const struct mdk_ops card_ops = { .reset = card_reset };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide interrupts", .cost = 1) };

static const struct mdk_model guide_interrupts = {
	.name = "guide_interrupts",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_CAUSES(card_causes),
	MDK_TYPES(card_types),
	.budget = 4,
	.ops = &card_ops,
};
module_mdk_driver(guide_interrupts);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/interrupts.md");
