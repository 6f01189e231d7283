// SPDX-License-Identifier: GPL-2.0-only
/* From the callback that tells the address; open only prepares. */
#include <linux/err.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_pinned *ring;
	u32 head;
};

static int card_open(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	state->ring = NULL;
	return 0;
}

static void card_close(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

static void card_ring(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	state->ring = mdk_pin(dev, (u64)value << 12, SZ_4K, MDK_TO_DEVICE);
	if (IS_ERR(state->ring)) {
		state->ring = NULL;
		mdk_reg_set_bits(dev, 0, 4, 1);
	}
}

static void card_kick(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	if (mdk_dma_read(dev, value, &state->head, sizeof(state->head)))
		mdk_reg_set_bits(dev, 0, 4, 2);
}

static const struct mdk_ops card_ops = {
	.open = card_open,
	.close = card_close,
};
