// SPDX-License-Identifier: GPL-2.0-only
static int my_open(struct mdk_dev *dev)
{
	struct my_state *state = mdk_state(dev);

	state->ring = mdk_pin(dev, MY_RING, SZ_4K, MDK_TO_DEVICE);
	return PTR_ERR_OR_ZERO(state->ring);
}

static const struct mdk_ops my_ops = { .open = my_open };
