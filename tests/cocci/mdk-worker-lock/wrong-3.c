// SPDX-License-Identifier: GPL-2.0-only
/* Files of an administrator, and the worker of the ops. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct well_state {
	u32 *depths;
	u32 nr;
	u32 bucket;
	u32 drawn;
	char *name;
};

static u32 well_depth(const struct well_state *state, u32 bucket)
{
	return bucket < state->nr ? state->depths[bucket] : 0;
}

static u32 well_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct well_state *state = mdk_state(dev);

	return well_depth(state, state->bucket) + state->name[0];
}

static void well_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct well_state *state = mdk_state(dev);

	state->bucket = value;
	state->drawn++;
}

/* A table is swapped below its readers. */
static int well_depths_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct well_state *state = mdk_state(dev);
	u32 *depths = kcalloc(4, sizeof(*depths), GFP_KERNEL), *old;

	if (!depths)
		return -ENOMEM;
	old = state->depths;
	state->depths = depths; /* finds: mdk-worker-lock */
	state->nr = 4;
	kfree(old);
	return 0;
}

/* Freed first. */
static int well_name_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct well_state *state = mdk_state(dev);
	char *name = kstrdup(text, GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	kfree(state->name); /* finds: mdk-worker-lock */
	state->name = name;
	return 0;
}

/* By a helper. */
static void well_take(struct well_state *state, u32 *depths, u32 nr)
{
	state->depths = depths;
	state->nr = nr;
}

static int well_empty_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct well_state *state = mdk_state(dev);

	well_take(state, NULL, 0); /* finds: mdk-worker-lock */
	return 0;
}

static void well_work(struct mdk_dev *dev)
{
	struct well_state *state = mdk_state(dev);

	state->drawn++; /* finds: mdk-worker-lock */
}

/* Swapped as a whole. */
static int well_swap_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct well_state *state = mdk_state(dev);
	u32 *depths = kcalloc(4, sizeof(*depths), GFP_KERNEL);

	if (!depths)
		return -ENOMEM;
	swap(state->depths, depths); /* finds: mdk-worker-lock */
	kfree(depths);
	return 0;
}

static const struct mdk_attr well_attrs[] = {
	{ .group = "well", .name = "swap", .store = well_swap_store },
	{ .group = "well", .name = "depths", .store = well_depths_store },
	{ .group = "well", .name = "name", .store = well_name_store },
	{ .group = "well", .name = "empty", .store = well_empty_store },
};

static const struct mdk_ops well_ops = { .work = well_work };
