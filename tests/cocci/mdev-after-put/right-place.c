// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <mdk/mdk.h>
#include <mdk/pins.h>

#define WBR_ADDR 0x00
#define WBR_CTRL 0x04
#define WBR_CTRL_ON BIT(0)

struct wbr_state {
	struct mdk_pinned *ring;
	u32 count;
};

static void wbr_off(struct wbr_state *state)
{
	if (!state->ring)
		return;
	mdk_unpin(state->ring);
	state->ring = NULL;
	state->count = 0;
}

static void wbr_on(struct mdk_dev *dev, struct wbr_state *state)
{
	struct mdk_pinned *ring;

	wbr_off(state);
	ring = mdk_pin(dev, mdk_reg_get(dev, 0, WBR_ADDR), SZ_4K, MDK_PIN_WRITE);
	if (IS_ERR(ring))
		return;
	state->ring = ring;
}

static void wbr_ctrl_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct wbr_state *state = mdk_state(dev);

	if (value & WBR_CTRL_ON)
		wbr_on(dev, state);
	else
		wbr_off(state);
}

static void wbr_tick(struct mdk_dev *dev)
{
	struct wbr_state *state = mdk_state(dev);
	u32 word;

	mdk_lock(dev);
	word = state->count++;
	if (state->ring && mdk_pinned_write(state->ring, 0, &word, sizeof(word)))
		state->count = 0;
	mdk_unlock(dev);
}

static void wbr_reset(struct mdk_dev *dev)
{
	wbr_off(mdk_state(dev));
}

static const struct mdk_reg wbr_regs[] = {
	MDK_REG_RW(WBR_ADDR, "ADDR", GENMASK(31, 0)),
	MDK_REG_RW(WBR_CTRL, "CTRL", WBR_CTRL_ON, .written = wbr_ctrl_written),
};

static const struct mdk_ops wbr_ops = { .reset = wbr_reset };
