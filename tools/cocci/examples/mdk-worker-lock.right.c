// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void my_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct my_state *state = mdk_state(dev);

	state->pending = value;
}

static void my_worker(struct mdk_dev *dev)
{
	struct my_state *state = mdk_state(dev);

	mdk_lock(dev);
	state->pending--;
	mdk_unlock(dev);
}

static int my_init(struct mdk_dev *dev)
{
	return mdk_work_create(dev, my_worker) ? 0 : -ENOMEM;
}
