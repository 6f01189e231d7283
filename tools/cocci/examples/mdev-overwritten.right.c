// SPDX-License-Identifier: GPL-2.0-only
static void my_base(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct my_state *state = mdk_state(dev);
	struct mdk_pinned *page = mdk_pin(dev, value, SZ_4K, MDK_TO_DEVICE);

	if (!IS_ERR(page)) {
		mdk_unpin(state->page);
		state->page = page;
	}
}

static void my_reset(struct mdk_dev *dev)
{
	struct my_state *state = mdk_state(dev);

	mdk_unpin(state->page);
	state->page = NULL;
}

static const struct mdk_ops my_ops = { .reset = my_reset };

static const struct mdk_reg my_regs[] = {
	MDK_REG_RW(0, "BASE", 0, GENMASK(31, 12), .written = my_base),
};
