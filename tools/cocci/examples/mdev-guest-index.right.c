// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct my_places {
	u32 places[8];
};

static void my_kick_place(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct my_places *state = mdk_state(dev);

	if (value < ARRAY_SIZE(state->places))
		state->places[value]++;
}

static const struct mdk_reg my_regs[] = {
	MDK_REG_WO(0x10, "KICK", GENMASK(7, 0), .written = my_kick_place),
};
