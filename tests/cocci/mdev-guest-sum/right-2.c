// SPDX-License-Identifier: GPL-2.0-only
/* A guest's numbers that are judged before they divide and shift. */
#include <mdk/mdk.h>

#define GEAR_TEETH 0x00
#define GEAR_TURN 0x04

struct gear_desc {
	__le32 teeth;
	__le32 order;
};

struct gear_state {
	u32 turns;
	u32 teeth;
};

/* No more bits than five. */
static void gear_turned(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct gear_state *state = mdk_state(dev);

	if (value)
		state->turns = 3600 / value;
	state->turns |= 1U << value;
	state->teeth = 100 / (value + 1);
}

static u32 gear_rate(struct mdk_dev *dev)
{
	u32 teeth = mdk_reg_get(dev, 0, GEAR_TEETH);

	return 1000 / max(teeth, 1U);
}

static int gear_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct gear_state *state = mdk_state(dev);
	const struct gear_desc *desc = job->desc;
	u32 teeth = le32_to_cpu(desc->teeth), order = le32_to_cpu(desc->order);

	if (!teeth || order > 31)
		return -EINVAL;
	state->turns = state->teeth % teeth;
	state->teeth = BIT(order);
	return 0;
}

static const struct mdk_reg gear_regs[] = {
	MDK_REG_RW(GEAR_TEETH, "TEETH", 1, GENMASK(7, 0)),
	MDK_REG_WO(GEAR_TURN, "TURN", GENMASK(4, 0), .written = gear_turned),
};
