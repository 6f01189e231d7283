// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct my_state {
	u32 queues[8];
};

static void my_kick(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct my_state *state = mdk_state(dev);

	state->queues[value]++;
}

static const struct mdk_reg my_regs[] = {
	MDK_REG_WO(0x10, "KICK", GENMASK(7, 0), .written = my_kick),
};
