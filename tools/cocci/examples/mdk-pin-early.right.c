// SPDX-License-Identifier: GPL-2.0-only
static void my_ring_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct my_state *state = mdk_state(dev);

	state->ring = mdk_pin(dev, (u64)value << 12, SZ_4K, MDK_TO_DEVICE);
}

static const struct mdk_ops my_ops = { .open = my_open };
