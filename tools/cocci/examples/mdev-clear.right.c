// SPDX-License-Identifier: GPL-2.0-only
struct my_totals {
	u64 counters[16];
};

static void my_reset(struct mdk_dev *dev)
{
	struct my_totals *state = mdk_state(dev);

	memset(state->counters, 0, sizeof(state->counters));
}
