// SPDX-License-Identifier: GPL-2.0-only
/* A guest reaches two pages of a card, the memory of tests/parent.c; between them is nothing. */
#include <linux/pci.h>

#include <mdk/mdk.h>

#define PAGES_REGS 0
#define PAGES_REGION 2
#define PAGES_STATS 4

#define PAGES_MARK 0x0		/* pages that the guest wants to know as used */
#define PAGES_DROP 0x4		/* and no more */
#define PAGES_USED 0x8
#define PAGES_STATUS 0xc	/* interrupts, as long as it is marked */
#define PAGES_NEWS 0x10		/* marked since the last read */

struct pages {
	struct mdk_card *card;
};

static const struct mdk_pci_kind pages_kinds[] = { { .bar = 0, .dma = 64 } };

static const struct pci_device_id pages_ids[] = { { PCI_DEVICE(0x1af4, 0x10f7) }, {} };
MODULE_DEVICE_TABLE(pci, pages_ids);

static int pages_probe(struct mdk_card *card)
{
	struct pages *own = card->data;

	own->card = card;
	return 0;
}

static const struct mdk_pci_parent pages_pci =
	MDK_PCI_PARENT(pages_ids, MDK_PCI_KINDS(pages_kinds), .data_size = sizeof(struct pages),
		       .probe = pages_probe);

static int pages_init(struct mdk_dev *dev)
{
	struct pages *own = mdk_parent_data(dev);
	u64 bar = pci_resource_start(own->card->pdev, 0);

	mdk_stat_set(dev, MDK_AT(PAGES_STATS, 0), 2);
	return mdk_map_hw(dev, PAGES_REGION, 0, bar, SZ_4K) ?:
	       mdk_map_hw(dev, PAGES_REGION, SZ_8K, bar + SZ_8K, SZ_4K);
}

/* What a guest has left in the card is not the next one's. */
static void pages_reset(struct mdk_dev *dev)
{
	struct pages *own = mdk_parent_data(dev);
	int section;
	u32 i;

	mdk_stat_set(dev, MDK_AT(PAGES_STATS, 0), 2);
	if (!mdk_hw_enter(dev, &section))
		return;
	for (i = 0; i < 3 * SZ_4K; i += 4)
		writel(0, own->card->bar + i);
	mdk_hw_exit(dev, section);
}

static void pages_mark(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_reg_set_bits(dev, PAGES_REGS, PAGES_USED, value);
	mdk_reg_set_bits(dev, PAGES_REGS, PAGES_NEWS, value);
	mdk_irq_raise_at(dev, MDK_AT(PAGES_REGS, PAGES_STATUS), value);
}

static void pages_drop(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_reg_clear_bits(dev, PAGES_REGS, PAGES_USED, value);
	mdk_irq_lower_at(dev, MDK_AT(PAGES_REGS, PAGES_STATUS), value);
}

static const struct mdk_reg pages_regs[] = {
	MDK_REG_WO(PAGES_MARK, "MARK", GENMASK(1, 0), .written = pages_mark),
	MDK_REG_WO(PAGES_DROP, "DROP", GENMASK(1, 0), .written = pages_drop),
	MDK_REG_RO(PAGES_USED, "USED", 0),
	MDK_REG_RO(PAGES_STATUS, "STATUS", 0),
	MDK_REG_RC(PAGES_NEWS, "NEWS", GENMASK(1, 0)),
};

static const struct mdk_cause pages_causes[] = {
	MDK_CAUSE(PAGES_REGS, PAGES_STATUS, 0),
	MDK_CAUSE(PAGES_REGS, PAGES_STATUS, 1),
};

static const struct mdk_region pages_regions[] = {
	MDK_BAR_REGS(PAGES_REGS, "registers", SZ_4K, pages_regs),
	MDK_BAR_STATS(PAGES_STATS, "statistics", SZ_4K),
	MDK_BAR_HW(PAGES_REGION, "pages", SZ_16K, 0, .valid = { .min = 1, .max = 8 }),
};

static const struct mdk_type pages_types[] = { MDK_TYPE("1", "two pages", .cost = 1) };
static const struct mdk_irq pages_irqs[] = { MDK_INTX(), MDK_ERR() };
static const struct mdk_ops pages_ops = { .init = pages_init, .reset = pages_reset };

static const struct mdk_model pages = {
	.name = "pages",
	.pci = MDK_PCI(0x1af4, 0x10f6, 0x0880),
	MDK_REGIONS(pages_regions),
	MDK_IRQS(pages_irqs),
	MDK_CAUSES(pages_causes),
	MDK_TYPES(pages_types),
	.budget = 1,
	.ops = &pages_ops,
};
module_mdk_pci_driver(pages, pages_pci);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Two pages of a card, for a guest");
