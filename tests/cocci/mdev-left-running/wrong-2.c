// SPDX-License-Identifier: GPL-2.0-only
/* Rings of the SDK: one of two is stopped. */
#include <mdk/mdk.h>

struct lane_state {
	struct mdk_ring *up, *down;
};

static const struct mdk_ring_spec lane_spec = {
	.name = "lane", .max = 256, .desc_size = 16, .status = 12,
};

static int lane_init(struct mdk_dev *dev)
{
	struct lane_state *state = mdk_state(dev);

	state->up = mdk_ring_create(dev, &lane_spec);
	state->down = mdk_ring_create(dev, &lane_spec);
	return state->up && state->down ? 0 : -ENOMEM;
}

static void lane_halt(struct mdk_ring *ring)
{
	mdk_ring_stop(ring);
}

static void lane_reset(struct mdk_dev *dev) /* finds: mdev-left-running */
{
	struct lane_state *state = mdk_state(dev);

	lane_halt(state->down);
}

static const struct mdk_ops lane_ops = { .init = lane_init, .reset = lane_reset };
