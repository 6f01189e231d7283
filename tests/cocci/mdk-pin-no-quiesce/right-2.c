// SPDX-License-Identifier: GPL-2.0-only
/* A device that only copies may leave it out. */
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_pinned *ring;
	u32 head;
};

static void card_reset(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

static int card_fetch(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	return mdk_pinned_read(state->ring, 0, &state->head, sizeof(state->head));
}

static const struct mdk_ops card_ops = { .reset = card_reset };

static const struct mdk_model card = {
	.name = "card",
	.state_size = sizeof(struct state),
	.ops = &card_ops,
	.pin_pages = 256,
};
