// SPDX-License-Identifier: GPL-2.0-only
/* The helper runs below the lock, or takes it. */
#include <mdk/mdk.h>

struct press {
	u32 grapes, juice;
	struct mdk_work *turn;
};

static void press_fed(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct press *press = mdk_state(dev);

	press->grapes += value;
	mdk_work_queue(press->turn, 1);
}

static u32 press_crush(struct mdk_dev *dev)
{
	struct press *press = mdk_state(dev);

	return press->grapes--;
}

static void press_drip(struct mdk_dev *dev)
{
	struct press *press = mdk_state(dev);

	mdk_lock(dev);
	press->grapes = 0;
	mdk_unlock(dev);
}

static void press_turn(struct mdk_dev *dev)
{
	struct press *press = mdk_state(dev);

	press_drip(dev);
	mdk_lock(dev);
	press->juice += press_crush(dev);
	mdk_unlock(dev);
}

static int press_init(struct mdk_dev *dev)
{
	struct press *press = mdk_state(dev);

	press->turn = mdk_work_create(dev, press_turn);
	return press->turn ? 0 : -ENOMEM;
}

static const struct mdk_reg press_regs[] = {
	MDK_REG_WO(0x00, "FEED", GENMASK(3, 0), .written = press_fed),
};

static const struct mdk_ops press_ops = { .init = press_init };
