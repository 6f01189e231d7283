// SPDX-License-Identifier: GPL-2.0-only
/* By value, as text, or from guest memory. */
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	u8 firmware[64];
	u32 mode;
};

static u64 card_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct state *state = mdk_state(dev);
	u64 value = 0;

	memcpy(&value, state->firmware + offset, width);
	return value;
}

static void card_load(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	if (mdk_dma_read(dev, (u64)value << 12, state->firmware, sizeof(state->firmware)))
		mdk_reg_set(dev, 0, 4, 1);
}

static int card_mode_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct state *state = mdk_state(dev);

	return kstrtou32(text, 0, &state->mode);
}

static const struct mdk_attr attrs[] = {
	{ .group = "card", .name = "mode", .store = card_mode_store },
};

static const struct mdk_model card = {
	.name = "card",
	.state_size = sizeof(struct state),
	MDK_ATTRS(attrs),
};
