// SPDX-License-Identifier: GPL-2.0-only
/* The show has the lock. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct bill_card {
	u32 dishes;
};

struct bill {
	struct bill_card *card;
};

static int bill_show(struct mdk_dev *dev, char *buf, size_t size)
{
	struct bill *bill = mdk_state(dev);
	int ret;

	mdk_lock(dev);
	ret = scnprintf(buf, size, "%u\n", bill->card ? bill->card->dishes : 0);
	mdk_unlock(dev);
	return ret;
}

static void bill_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct bill *bill = mdk_state(dev);

	kfree(bill->card);
	bill->card = kzalloc(sizeof(*bill->card), GFP_KERNEL);
}

static const struct mdk_reg bill_regs[] = {
	MDK_REG_WO(0x00, "CARD", GENMASK(3, 0), .written = bill_written),
};

static const struct mdk_attr bill_attrs[] = { { .name = "dishes", .show = bill_show } };
