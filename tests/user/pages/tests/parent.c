// SPDX-License-Identifier: GPL-2.0-only
/* A card that is memory. */
#include <user/card.h>

static const struct mdk_region card_regions[] = { MDK_BAR_MEM(0, "memory", SZ_64K, 0) };
static const struct mdk_irq card_irqs[] = { MDK_MSI(1) };
static const struct mdk_cap card_caps[] = { MDK_CAP_MSI() };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "memory", .cost = 1) };

static const struct mdk_model card_model = {
	.name = "card",
	.pci = MDK_PCI(0x1af4, 0x10f7, 0x00ff),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_TYPES(card_types),
	.budget = 1,
};
user_card(card_model);
