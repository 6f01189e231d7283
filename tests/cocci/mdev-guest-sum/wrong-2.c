// SPDX-License-Identifier: GPL-2.0-only
/* A guest's numbers that divide and shift. */
#include <mdk/mdk.h>

#define WHEEL_TEETH 0x00
#define WHEEL_TURN 0x04

struct wheel_desc {
	__le32 teeth;
	__le32 order;
};

struct wheel_state {
	u32 turns;
	u32 teeth;
};

static void wheel_turned(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct wheel_state *state = mdk_state(dev);

	state->turns = 3600 / value; /* finds: mdev-guest-sum */
	state->turns |= 1U << value; /* finds: mdev-guest-sum */
}

static u32 wheel_rate(struct mdk_dev *dev)
{
	u32 teeth = mdk_reg_get(dev, 0, WHEEL_TEETH);

	return 1000 / teeth; /* finds: mdev-guest-sum */
}

static int wheel_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct wheel_state *state = mdk_state(dev);
	const struct wheel_desc *desc = job->desc;

	state->turns = state->teeth % le32_to_cpu(desc->teeth); /* finds: mdev-guest-sum */
	state->teeth = BIT(le32_to_cpu(desc->order)); /* finds: mdev-guest-sum */
	return 0;
}

static const struct mdk_reg wheel_regs[] = {
	MDK_REG_RW(WHEEL_TEETH, "TEETH", 1, GENMASK(7, 0)),
	MDK_REG_WO(WHEEL_TURN, "TURN", GENMASK(7, 0), .written = wheel_turned),
};
