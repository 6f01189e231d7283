// SPDX-License-Identifier: GPL-2.0-only
/* The lock is taken already, or its holder waits. */
#include <mdk/mdk.h>

struct state {
	u32 head;
};

static void card_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct state *state = mdk_state(dev);

	if (!value)
		return;
	mdk_lock(dev); /* finds: mdk-lock-callback */
	state->head = value;
	mdk_unlock(dev);
}

static u64 card_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct state *state = mdk_state(dev);
	u64 value;

	mdk_lock(dev); /* finds: mdk-lock-callback */
	value = state->head;
	mdk_unlock(dev);
	return value;
}

static int card_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	struct state *state = mdk_state(dev);
	int ret = 0;

	mdk_lock(dev); /* finds: mdk-lock-callback */
	if (state->head)
		ret = -EBUSY;
	mdk_unlock(dev);
	return ret;
}

static const struct mdk_ops card_ops = {
	.quiesce = card_quiesce,
};
