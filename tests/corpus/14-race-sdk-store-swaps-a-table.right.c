// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/string.h>
#include <mdk/mdk.h>

#define PK_POINT 0x00
#define PK_LEVEL 0x04
#define PK_LAST  0x08

#define PK_MAX 64

struct pk_state {
	u32 *curve;
	u32 nr;
	u32 point;
};

static u32 pk_level(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct pk_state *state = mdk_state(dev);

	return state->point < state->nr ? state->curve[state->point] : 0;
}

static u32 pk_last(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct pk_state *state = mdk_state(dev);

	return state->nr - 1;
}

static void pk_point(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct pk_state *state = mdk_state(dev);

	state->point = value;
}

static int pk_curve_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct pk_state *state = mdk_state(dev);
	u32 *curve, *old, nr = 0;
	int used;

	curve = kcalloc(PK_MAX, sizeof(*curve), GFP_KERNEL);
	if (!curve)
		return -ENOMEM;
	while (nr < PK_MAX && sscanf(text, "%u%n", &curve[nr], &used) == 1) {
		text += used;
		nr++;
	}
	if (!nr) {
		kfree(curve);
		return -EINVAL;
	}
	mdk_lock(dev);
	old = state->curve;
	state->curve = curve;
	state->nr = nr;
	mdk_unlock(dev);
	kfree(old);
	return 0;
}

static int pk_init(struct mdk_dev *dev)
{
	struct pk_state *state = mdk_state(dev);

	state->curve = kcalloc(1, sizeof(*state->curve), GFP_KERNEL);
	if (!state->curve)
		return -ENOMEM;
	state->nr = 1;
	return 0;
}

static void pk_fini(struct mdk_dev *dev)
{
	struct pk_state *state = mdk_state(dev);

	kfree(state->curve);
}

static void pk_reset(struct mdk_dev *dev)
{
	struct pk_state *state = mdk_state(dev);

	state->point = 0;
}

static const struct mdk_reg pk_regs[] = {
	MDK_REG_RW(PK_POINT, "POINT", 0, GENMASK(7, 0), .written = pk_point),
	MDK_REG_RO(PK_LEVEL, "LEVEL", 0, .read = pk_level),
	MDK_REG_RO(PK_LAST, "LAST", 0, .read = pk_last),
};

static const struct mdk_attr pk_attrs[] = {
	{ .group = "pk", .name = "curve", .store = pk_curve_store },
};

static const struct mdk_ops pk_ops = { .init = pk_init, .fini = pk_fini, .reset = pk_reset };
