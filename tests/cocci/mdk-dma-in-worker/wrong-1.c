// SPDX-License-Identifier: GPL-2.0-only
/* Workers that wait for a guest's page fault, directly and through a helper. */
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_work *fetch;
	struct mdk_work *fence;
	u64 ring;
	u32 head;
	u32 done;
};

static int card_tell(struct mdk_dev *dev, u64 iova, u32 value)
{
	return mdk_dma_write(dev, iova, &value, sizeof(value)); /* finds: mdk-dma-in-worker */
}

static void card_fetch(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	while (state->done != state->head) {
		if (mdk_dma_read(dev, state->ring, &state->head, sizeof(state->head))) /* finds: mdk-dma-in-worker */
			goto out;
		state->done++;
	}
out:
	mdk_irq_trigger(dev, MDK_IRQ_MSI, 0);
}

static void card_fence(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);
	u32 value = 0;

	if (card_tell(dev, state->ring, state->done))
		return;
	if (mdk_dma_read(dev, state->ring + 8, &value, sizeof(value)) || value) /* finds: mdk-dma-in-worker */
		mdk_irq_trigger(dev, MDK_IRQ_MSI, 0);
}

static int card_init(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	state->fetch = mdk_work_create(dev, card_fetch);
	state->fence = mdk_work_create(dev, card_fence);
	return state->fetch && state->fence ? 0 : -ENOMEM;
}
