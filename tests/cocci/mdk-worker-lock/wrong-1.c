// SPDX-License-Identifier: GPL-2.0-only
/* Workers beside callbacks. */
#include <mdk/mdk.h>

struct pump_state {
	u32 level;
	u32 strokes;
	u32 lost;
	struct mdk_ring *ring;
	struct mdk_work *fill, *drain, *sweep;
};

static void pump_count(struct pump_state *state)
{
	state->strokes++;
}

static void pump_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct pump_state *state = mdk_state(dev);

	state->level = value;
	pump_count(state);
	state->lost = 0;
}

static void pump_fill(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	if (state->level < 100)
		state->level++; /* finds: mdk-worker-lock */
}

static void pump_drain(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	pump_count(state); /* finds: mdk-worker-lock */
	mdk_lock(dev);
	state->level = 0;
	mdk_unlock(dev);
}

static void pump_sweep(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	mdk_ring_stop(state->ring); /* finds: mdk-worker-lock */
}

static int pump_init(struct mdk_dev *dev)
{
	struct pump_state *state = mdk_state(dev);

	state->fill = mdk_work_create(dev, pump_fill);
	state->drain = mdk_work_create(dev, pump_drain);
	state->sweep = mdk_work_create(dev, pump_sweep);
	return state->fill && state->drain && state->sweep ? 0 : -ENOMEM;
}
