// SPDX-License-Identifier: GPL-2.0-only
/* Pages go to hardware that nobody stops: ops without quiesce, twice, and no ops at all. */
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

struct state {
	struct mdk_pinned *ring;
};

static const struct mdk_region regions[] = {
	MDK_BAR_MEM(0, "memory", SZ_64K, MDK_MMAP),
};
static const struct mdk_type types[] = { MDK_TYPE("1", "one", .cost = 1) };

static void card_reset(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

static int card_dma(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);
	struct sg_table *table = mdk_pinned_sgt(state->ring);

	return PTR_ERR_OR_ZERO(table);
}

static const struct mdk_ops card_ops = { /* finds: mdk-pin-no-quiesce */
	.reset = card_reset,
};

static const struct mdk_ops card_small_ops = { /* finds: mdk-pin-no-quiesce */
	.close = card_reset,
	.reset = card_reset,
};

static const struct mdk_model card = {
	.name = "card",
	.state_size = sizeof(struct state),
	MDK_REGIONS(regions),
	MDK_TYPES(types),
	.budget = 4,
	.ops = &card_ops,
	.pin_pages = 256,
};

static const struct mdk_model card_small = {
	.name = "card_small",
	.state_size = sizeof(struct state),
	.pin_pages = 16,
	.ops = &card_small_ops,
};

static const struct mdk_model card_bare = { /* finds: mdk-pin-no-quiesce */
	.name = "card_bare",
	.pin_pages = 16,
};
