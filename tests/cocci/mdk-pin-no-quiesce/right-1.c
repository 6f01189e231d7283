// SPDX-License-Identifier: GPL-2.0-only
/* quiesce is there; ops of a model that pins nothing need none. */
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

struct state {
	struct mdk_pinned *ring;
};

static void card_reset(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

static int card_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	return mdk_is_gone(dev) ? 0 : -EIO;
}

static int card_dma(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);
	struct sg_table *table = mdk_pinned_sgt(state->ring);

	return PTR_ERR_OR_ZERO(table);
}

static const struct mdk_ops card_ops = {
	.reset = card_reset,
	.quiesce = card_quiesce,
};

static const struct mdk_model card = {
	.name = "card",
	.state_size = sizeof(struct state),
	.ops = &card_ops,
	.pin_pages = 256,
};

static const struct mdk_ops plain_ops = { .reset = card_reset };

static const struct mdk_model plain = {
	.name = "plain",
	.ops = &plain_ops,
};
