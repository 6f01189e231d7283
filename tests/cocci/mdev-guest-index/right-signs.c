// SPDX-License-Identifier: GPL-2.0-only
/* Compared as unsigned, and with 0. */
#include <mdk/mdk.h>

struct rosary {
	u32 beads[16];
	u32 used;
};

static int rosary_move(struct mdk_dev *dev, const char *text, size_t size)
{
	struct rosary *rosary = mdk_state(dev);
	int bead;

	if (kstrtoint(text, 0, &bead))
		return -EINVAL;
	mdk_lock(dev);
	if (bead < rosary->used)
		rosary->beads[bead]++;
	mdk_unlock(dev);
	return 0;
}

static int rosary_turn(struct mdk_dev *dev, const char *text, size_t size)
{
	struct rosary *rosary = mdk_state(dev);
	int bead;

	if (kstrtoint(text, 0, &bead))
		return -EINVAL;
	mdk_lock(dev);
	if (bead >= 0 && bead < (int)rosary->used)
		rosary->beads[bead]++;
	mdk_unlock(dev);
	return 0;
}

static const struct mdk_attr rosary_attrs[] = {
	{ .name = "move", .store = rosary_move }, { .name = "turn", .store = rosary_turn },
};
