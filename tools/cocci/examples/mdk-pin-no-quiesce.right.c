// SPDX-License-Identifier: GPL-2.0-only
static const struct mdk_ops my_ops = { .reset = my_reset, .quiesce = my_quiesce };

static const struct mdk_model my = {
	.name = "my",
	.ops = &my_ops,
	.pin_pages = 64,
};

static int my_start(struct my_state *state)
{
	return my_dma(state, mdk_pinned_sgt(state->ring));
}
