// SPDX-License-Identifier: GPL-2.0-only
static u32 my_ratio_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	const struct my_state *state = mdk_state(dev);

	return state->bytes_in ? div64_u64(state->bytes_out * 100, state->bytes_in) : 0;
}
