// SPDX-License-Identifier: GPL-2.0-only
/* Under the lock, and what no callback follows. */
#include <linux/slab.h>
#include <mdk/mdk.h>

struct spring_state {
	u32 *depths;
	u32 nr;
	u32 bucket;
	u32 drawn;
	char *name;
};

static u32 spring_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct spring_state *state = mdk_state(dev);

	return state->bucket < state->nr ? state->depths[state->bucket] : 0;
}

static void spring_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct spring_state *state = mdk_state(dev);

	state->bucket = value;
	state->drawn++;
}

static int spring_depths_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct spring_state *state = mdk_state(dev);
	u32 *depths = kcalloc(4, sizeof(*depths), GFP_KERNEL), *old;

	if (!depths)
		return -ENOMEM;
	mdk_lock(dev);
	old = state->depths;
	state->depths = depths;
	state->nr = 4;
	mdk_unlock(dev);
	kfree(old);
	return 0;
}

/* Only files of the administrator know the name. */
static int spring_name_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct spring_state *state = mdk_state(dev);
	char *name = kstrdup(text, GFP_KERNEL);

	if (!name)
		return -ENOMEM;
	state->name = name;
	return 0;
}

/* A ring's work has the lock. */
static int spring_job(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct spring_state *state = mdk_state(dev);

	state->drawn++;
	return 0;
}

static const struct mdk_attr spring_attrs[] = {
	{ .group = "spring", .name = "depths", .store = spring_depths_store },
	{ .group = "spring", .name = "name", .store = spring_name_store },
};

static const struct mdk_ring_row spring_rings[] = {
	MDK_RING("spring", .work = spring_job),
};
