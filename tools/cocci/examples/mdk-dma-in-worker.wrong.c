// SPDX-License-Identifier: GPL-2.0-only
static void my_work(struct mdk_dev *dev)
{
	struct my_state *state = mdk_state(dev);

	if (!mdk_dma_read(dev, state->ring, &state->head, sizeof(state->head)))
		my_run(state);
}

static int my_init(struct mdk_dev *dev)
{
	struct my_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, my_work);
	return state->work ? 0 : -ENOMEM;
}
