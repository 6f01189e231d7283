// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/slab.h>
#include <mdk/mdk.h>

#define LK_KEY   0x00
#define LK_VALUE 0x04
#define LK_KICK  0x08

#define LK_KEYS 4096

struct lk_state {
	u32 *keys;
	struct mdk_work *flush;
	u64 flushed;
};

static void lk_flush(struct mdk_dev *dev)
{
	struct lk_state *state = mdk_state(dev);
	u32 i;

	mdk_lock(dev);
	for (i = 0; i < LK_KEYS; i++)
		state->keys[i] = 0;
	state->flushed++;
	mdk_unlock(dev);
}

static int lk_init(struct mdk_dev *dev)
{
	struct lk_state *state = mdk_state(dev);

	state->keys = kvcalloc(LK_KEYS, sizeof(*state->keys), GFP_KERNEL);
	if (!state->keys)
		return -ENOMEM;
	state->flush = mdk_work_create(dev, lk_flush);
	return state->flush ? 0 : -ENOMEM; /* finds: leak */
}

static void lk_fini(struct mdk_dev *dev)
{
	struct lk_state *state = mdk_state(dev);

	kvfree(state->keys);
}

static void lk_value(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct lk_state *state = mdk_state(dev);
	u32 key = mdk_reg_get(dev, 0, LK_KEY);

	if (key < LK_KEYS)
		state->keys[key] = value;
}

static u32 lk_read_value(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct lk_state *state = mdk_state(dev);
	u32 key = mdk_reg_get(dev, 0, LK_KEY);

	return key < LK_KEYS ? state->keys[key] : 0;
}

static void lk_kick(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct lk_state *state = mdk_state(dev);

	mdk_work_queue(state->flush, 0);
}

static void lk_reset(struct mdk_dev *dev)
{
	struct lk_state *state = mdk_state(dev);

	memset(state->keys, 0, LK_KEYS * sizeof(*state->keys));
	state->flushed = 0;
}

static const struct mdk_reg lk_regs[] = {
	MDK_REG_RW(LK_KEY, "KEY", 0, GENMASK(15, 0)),
	MDK_REG_RW(LK_VALUE, "VALUE", 0, GENMASK(31, 0), .read = lk_read_value,
		   .written = lk_value),
	MDK_REG_WO(LK_KICK, "KICK", BIT(0), .written = lk_kick),
};

static const struct mdk_ops lk_ops = { .init = lk_init, .fini = lk_fini, .reset = lk_reset };
