// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/display.md: video memory in BAR 0, the mode in registers, a picture. */
#include <mdk/mdk.h>

#define CARD_VRAM 0
#define CARD_REGS 2

#define CARD_ENABLE 0x00
#define CARD_WIDTH 0x04
#define CARD_HEIGHT 0x08
#define CARD_STRIDE 0x0c
#define CARD_STATUS 0x10
#define CARD_EDID 0x100

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_ENABLE, "ENABLE", 0, BIT(0)),
	MDK_REG_RW(CARD_WIDTH, "WIDTH", 0, GENMASK(13, 0)),
	MDK_REG_RW(CARD_HEIGHT, "HEIGHT", 0, GENMASK(13, 0)),
	MDK_REG_RW(CARD_STRIDE, "STRIDE", 0, GENMASK(17, 2)),
	MDK_REG_W1C(CARD_STATUS, "STATUS", BIT(0)),
	MDK_REG_EDID(CARD_EDID, "EDID", 256),
};

static const struct mdk_cause card_causes[] = { MDK_CAUSE(CARD_REGS, CARD_STATUS, 0) };

static const struct mdk_region card_regions[] = {
	MDK_BAR_MEM(CARD_VRAM, "video memory", SZ_8M, MDK_MMAP | MDK_PREFETCH),
	MDK_BAR_REGS(CARD_REGS, "registers", SZ_4K, card_regs),
	MDK_OWN_EDID(0),
};

/* A guest chose these numbers. A plane that leaves the region counts as off: the SDK checks. */
static bool card_scanout(struct mdk_dev *dev, struct mdk_plane *plane)
{
	if (!mdk_reg_get(dev, CARD_REGS, CARD_ENABLE))
		return false;
	plane->format = MDK_FORMAT_XRGB8888;
	plane->width = mdk_reg_get(dev, CARD_REGS, CARD_WIDTH);
	plane->height = mdk_reg_get(dev, CARD_REGS, CARD_HEIGHT);
	plane->stride = mdk_reg_get(dev, CARD_REGS, CARD_STRIDE);
	return true;
}

static const struct mdk_display card_display = {
	.region = CARD_VRAM,
	.scanout = card_scanout,
	.hotplug = MDK_HOTPLUG(CARD_REGS, CARD_STATUS, BIT(0)),
};

static const struct mdk_type card_types[] = {
	MDK_TYPE("1", "guide display", .cost = 1, .max_xres = 1920, .max_yres = 1080),
};

static const struct mdk_irq card_irqs[] = { MDK_INTX() };

static const struct mdk_model guide_display = {
	.name = "guide_display",
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0380),
	MDK_REGIONS(card_regions),
	MDK_CAUSES(card_causes),
	MDK_IRQS(card_irqs),
	MDK_TYPES(card_types),
	.budget = 4,
	.display = &card_display,
};
module_mdk_driver(guide_display);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/display.md");
