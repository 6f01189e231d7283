// SPDX-License-Identifier: GPL-2.0-only
/* Unpinned and left in place. */
#include <mdk/mdk.h>
#include <mdk/pins.h>

#define WB_ADDR 0x00
#define WB_CTRL 0x04
#define WB_CTRL_ON BIT(0)

struct wb_state {
	struct mdk_pinned *ring;
	u32 count;
};

static void wb_off(struct wb_state *state)
{
	if (!state->ring)
		return;
	mdk_unpin(state->ring); /* finds: mdev-after-put */
	state->count = 0;
}

static void wb_on(struct mdk_dev *dev, struct wb_state *state)
{
	struct mdk_pinned *ring;

	wb_off(state);
	ring = mdk_pin(dev, mdk_reg_get(dev, 0, WB_ADDR), SZ_4K, MDK_PIN_WRITE);
	if (IS_ERR(ring))
		return;
	state->ring = ring;
}

static void wb_ctrl_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct wb_state *state = mdk_state(dev);

	if (value & WB_CTRL_ON)
		wb_on(dev, state);
	else
		wb_off(state);
}

static void wb_tick(struct mdk_dev *dev)
{
	struct wb_state *state = mdk_state(dev);
	u32 word;

	mdk_lock(dev);
	word = state->count++;
	if (state->ring && mdk_pinned_write(state->ring, 0, &word, sizeof(word)))
		state->count = 0;
	mdk_unlock(dev);
}

static void wb_reset(struct mdk_dev *dev)
{
	wb_off(mdk_state(dev));
}

static const struct mdk_reg wb_regs[] = {
	MDK_REG_RW(WB_ADDR, "ADDR", GENMASK(31, 0)),
	MDK_REG_RW(WB_CTRL, "CTRL", WB_CTRL_ON, .written = wb_ctrl_written),
};

static const struct mdk_ops wb_ops = { .reset = wb_reset };
