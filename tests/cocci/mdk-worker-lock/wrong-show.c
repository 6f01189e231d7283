// SPDX-License-Identifier: GPL-2.0-only
/* A show follows what a callback replaces. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct menu_card {
	u32 dishes;
};

struct menu {
	struct menu_card *card;
};

static int menu_show(struct mdk_dev *dev, char *buf, size_t size)
{
	struct menu *menu = mdk_state(dev);

	return scnprintf(buf, size, "%u\n", menu->card->dishes); /* finds: mdk-worker-lock */
}

static void menu_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct menu *menu = mdk_state(dev);

	kfree(menu->card);
	menu->card = kzalloc(sizeof(*menu->card), GFP_KERNEL);
}

static const struct mdk_reg menu_regs[] = {
	MDK_REG_WO(0x00, "CARD", GENMASK(3, 0), .written = menu_written),
};

static const struct mdk_attr menu_attrs[] = { { .name = "dishes", .show = menu_show } };
