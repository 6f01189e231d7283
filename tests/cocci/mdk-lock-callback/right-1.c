// SPDX-License-Identifier: GPL-2.0-only
/* Taken by a worker and a timer of one's own, and by nobody who has it. */
#include <linux/mutex.h>
#include <mdk/mdk.h>

struct state {
	struct mdk_work *work;
	struct mutex hw;
	u32 head;
};

static void card_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	state->head = value;
	mdk_work_queue(state->work, 0);
}

static void card_work(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mdk_lock(dev);
	state->head = 0;
	mdk_unlock(dev);
}

static int card_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	struct state *state = mdk_state(dev);

	mutex_lock(&state->hw);
	state->head = 0;
	mutex_unlock(&state->hw);
	return 0;
}

static int card_init(struct mdk_dev *dev)
{
	struct state *state = mdk_state(dev);

	mutex_init(&state->hw);
	state->work = mdk_work_create(dev, card_work);
	return state->work ? 0 : -ENOMEM;
}

static const struct mdk_ops card_ops = {
	.init = card_init,
	.quiesce = card_quiesce,
};
