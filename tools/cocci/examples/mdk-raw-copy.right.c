// SPDX-License-Identifier: GPL-2.0-only
static const struct mdk_model my = { .name = "my" };

static int my_load(struct mdk_dev *dev, u64 iova)
{
	struct my_state *state = mdk_state(dev);

	return mdk_dma_read(dev, iova, state->firmware, MY_FIRMWARE);
}
