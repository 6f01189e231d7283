// SPDX-License-Identifier: GPL-2.0-only
/* Before anybody could have accessed the device. */
#include <linux/err.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_pinned *ring;
	u32 head;
};

static int card_init(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	state->ring = mdk_pin(dev, 0, SZ_4K, MDK_TO_DEVICE); /* finds: mdk-pin-early */
	return PTR_ERR_OR_ZERO(state->ring);
}

static int card_open(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);
	int ret;

	ret = mdk_dma_read(dev, 0, &state->head, sizeof(state->head)); /* finds: mdk-pin-early */
	if (ret)
		goto out;
	ret = mdk_dma_write(dev, 8, &state->head, sizeof(state->head)); /* finds: mdk-pin-early */
out:
	return ret;
}

static const struct mdk_ops card_ops = {
	.init = card_init,
	.open = card_open,
};
