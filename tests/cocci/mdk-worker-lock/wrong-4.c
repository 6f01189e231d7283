// SPDX-License-Identifier: GPL-2.0-only
/* A helper of the worker finds the state by itself, and the lock is taken behind its call. */
#include <mdk/mdk.h>

struct mill {
	u32 sacks, ground;
	struct mdk_work *turn;
};

static void mill_fed(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct mill *mill = mdk_state(dev);

	mill->sacks += value;
	mdk_work_queue(mill->turn, 1);
}

static u32 mill_grind(struct mdk_dev *dev)
{
	struct mill *mill = mdk_state(dev);

	return mill->sacks--;
}

static void mill_turn(struct mdk_dev *dev)
{
	struct mill *mill = mdk_state(dev);
	u32 done = mill_grind(dev); /* finds: mdk-worker-lock */

	mdk_lock(dev);
	mill->ground += done;
	mdk_unlock(dev);
}

static int mill_init(struct mdk_dev *dev)
{
	struct mill *mill = mdk_state(dev);

	mill->turn = mdk_work_create(dev, mill_turn);
	return mill->turn ? 0 : -ENOMEM;
}

static const struct mdk_reg mill_regs[] = {
	MDK_REG_WO(0x00, "FEED", GENMASK(3, 0), .written = mill_fed),
};

static const struct mdk_ops mill_ops = { .init = mill_init };
