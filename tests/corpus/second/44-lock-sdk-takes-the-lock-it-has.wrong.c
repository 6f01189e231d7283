// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>
#include <mdk/mdk.h>

#define FL_MODE 0x00

struct fl_state {
	struct mutex lock;
	u32 mode;
	u32 applied;
};

static u32 fl_mode(struct fl_state *state)
{
	u32 mode;

	mutex_lock(&state->lock); /* finds: lock */
	mode = state->mode;
	mutex_unlock(&state->lock);
	return mode;
}

static void fl_apply(struct fl_state *state)
{
	state->applied = fl_mode(state); /* finds: lock */
}

static void fl_mode_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct fl_state *state = mdk_state(dev);

	mutex_lock(&state->lock);
	state->mode = value;
	fl_apply(state); /* finds: lock */
	mutex_unlock(&state->lock);
}

static u32 fl_mode_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return fl_mode(mdk_state(dev));
}

static const struct mdk_reg fl_regs[] = {
	MDK_REG_RW(FL_MODE, "MODE", GENMASK(7, 0), .written = fl_mode_written,
		   .read = fl_mode_read),
};
