// SPDX-License-Identifier: GPL-2.0-only
/*
 * docs/guide/real-devices.md: two cards of one family, each callback of a description, pages of the
 * card. There is no such card.
 */
#include <linux/pci.h>

#include <mdk/mdk.h>

#define CARD_MAGIC 0x00		/* registers in the BAR */
#define CARD_ENABLE 0x04
#define CARD_CAUSES 0x08	/* a read clears them */
#define CARD_LIMIT 0x0c
#define CARD_PAGES 0x10000	/* from here on a page for each instance */

/* What the driver keeps of a card. */
struct card {
	struct mdk_card *card;
	struct mutex lock;
	u32 causes;
	u32 limit;
	unsigned long pages;
};

/* The two differ in this, and in nothing that the driver sees. */
static const struct mdk_pci_kind card_kinds[] = {
	{ .bar = 0, .vectors = 2, .dma = 40 },
	{ .bar = 2, .vectors = 32, .min_vectors = 4, .dma = 64 },
};

static const struct pci_device_id card_ids[] = {
	{ PCI_DEVICE(0x1bad, 0x0042), .driver_data = 0 },
	{ PCI_DEVICE(0x1bad, 0x0043), .driver_data = 1 },
	{}
};
MODULE_DEVICE_TABLE(pci, card_ids);

/* Is it ours? Then it is set up, by the registers that the SDK has mapped. */
static int card_probe(struct mdk_card *card)
{
	struct card *own = card->data;

	if (readl(card->bar + CARD_MAGIC) != 0x1bad)
		return dev_err_probe(&card->pdev->dev, -ENODEV, "not a card of ours\n");
	own->card = card;
	own->limit = 100;
	mutex_init(&own->lock);
	writel(own->limit, card->bar + CARD_LIMIT);
	writel(card->vectors, card->bar + CARD_ENABLE);
	return 0;
}

static void card_remove(struct mdk_card *card)
{
	writel(0, card->bar + CARD_ENABLE);
}

static irqreturn_t card_irq(struct mdk_card *card, u32 vector)
{
	struct card *own = card->data;

	WRITE_ONCE(own->causes, readl(card->bar + CARD_CAUSES));
	return vector ? IRQ_HANDLED : IRQ_WAKE_THREAD;
}

/* What may sleep, of the first vector. */
static irqreturn_t card_irq_thread(struct mdk_card *card, u32 vector)
{
	struct card *own = card->data;

	mutex_lock(&own->lock);
	if (READ_ONCE(own->causes) & BIT(0))
		own->limit = readl(card->bar + CARD_LIMIT);
	mutex_unlock(&own->lock);
	return IRQ_HANDLED;
}

static void card_sleep(struct mdk_card *card)
{
	writel(0, card->bar + CARD_ENABLE);
}

/* It has forgotten everything. */
static int card_wake(struct mdk_card *card)
{
	struct card *own = card->data;

	if (readl(card->bar + CARD_MAGIC) != 0x1bad)
		return -EIO;
	writel(own->limit, card->bar + CARD_LIMIT);
	writel(card->vectors, card->bar + CARD_ENABLE);
	return 0;
}

static const struct mdk_pci_parent card_pci =
	MDK_PCI_PARENT(card_ids, MDK_PCI_KINDS(card_kinds), .data_size = sizeof(struct card),
		       .probe = card_probe, .remove = card_remove,
		       .irq = card_irq, .irq_thread = card_irq_thread,
		       .sleep = card_sleep, .wake = card_wake);

/* Instances: each has a page of the card. */
struct card_state {
	unsigned long page;
};

static int card_init(struct mdk_dev *dev)
{
	struct card *own = mdk_parent_data(dev);
	struct card_state *state = mdk_state(dev);
	u64 bar = pci_resource_start(own->card->pdev, card_kinds[own->card->kind].bar);
	int ret;

	state->page = find_first_zero_bit(&own->pages, 8);
	ret = mdk_map_hw(dev, 2, 0, bar + CARD_PAGES + state->page * SZ_4K, SZ_4K);
	if (!ret)
		set_bit(state->page, &own->pages);
	return ret;
}

static void card_fini(struct mdk_dev *dev)
{
	struct card *own = mdk_parent_data(dev);
	struct card_state *state = mdk_state(dev);

	clear_bit(state->page, &own->pages);
}

static const struct mdk_region card_regions[] = {
	MDK_BAR_HW(2, "doorbells", SZ_4K, MDK_MMAP, .valid = { .min = 4, .max = 4 }),
};

static const struct mdk_type card_types[] = {
	MDK_TYPE("1", "card page", .description = "a page of the card", .cost = 1),
};

static const struct mdk_ops card_ops = {
	.init = card_init,
	.fini = card_fini,
};

static const struct mdk_model guide_card = {
	.name = "guide_card",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1bad, 0x1042, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_TYPES(card_types),
	.budget = 8,
	.ops = &card_ops,
};
module_mdk_pci_driver(guide_card, card_pci);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: docs/guide/real-devices.md");
