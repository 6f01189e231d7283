// SPDX-License-Identifier: GPL-2.0-only
/* Under the lock, or what nobody else changes. */
#include <mdk/mdk.h>

struct pump_state {
	u32 level;
	u32 turns;
	struct mdk_ring *ring;
	struct mdk_work *fill, *turn, *sweep;
};

static void pump_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct pump_state *state = mdk_state(dev);

	state->level = value;
}

static void pump_locked(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	mdk_lock(dev);
	state->level++;
	mdk_ring_stop(state->ring);
	mdk_unlock(dev);
}

static void pump_fill(struct mdk_dev *dev)
{
	pump_locked(dev);
}

static void pump_turn(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	state->turns++;
}

static int pump_init(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	state->fill = mdk_work_create(dev, pump_fill);
	state->turn = mdk_work_create(dev, pump_turn);
	return state->fill && state->turn ? 0 : -ENOMEM;
}
