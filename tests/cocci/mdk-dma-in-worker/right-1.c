// SPDX-License-Identifier: GPL-2.0-only
/* In a register callback it is fine; workers read what was pinned. */
#include <linux/err.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_work *fetch;
	struct mdk_pinned *ring;
	u32 head;
};

static void card_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	if (!mdk_dma_read(dev, (u64)value << 12, &state->head, sizeof(state->head)))
		mdk_work_queue(state->fetch, 0);
}

static void card_ring(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = mdk_pin(dev, (u64)value << 12, SZ_4K, MDK_TO_DEVICE);
	if (IS_ERR(state->ring))
		state->ring = NULL;
}

static void card_fetch(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);
	u32 word;

	if (state->ring && !mdk_pinned_read(state->ring, state->head, &word, sizeof(word)))
		mdk_reg_set(dev, 0, 8, word);
}

static int card_init(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	state->fetch = mdk_work_create(dev, card_fetch);
	return state->fetch ? 0 : -ENOMEM;
}
