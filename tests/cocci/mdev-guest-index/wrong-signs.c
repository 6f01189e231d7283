// SPDX-License-Identifier: GPL-2.0-only
/* A signed number from a text, compared with a count that was made signed as well. */
#include <mdk/mdk.h>

struct abacus {
	u32 beads[16];
	u32 used;
};

static int abacus_move(struct mdk_dev *dev, const char *text, size_t size)
{
	struct abacus *abacus = mdk_state(dev);
	int bead;

	if (kstrtoint(text, 0, &bead))
		return -EINVAL;
	mdk_lock(dev);
	if (bead < (int)abacus->used)
		abacus->beads[bead]++; /* finds: mdev-guest-index */
	mdk_unlock(dev);
	return 0;
}

static const struct mdk_attr abacus_attrs[] = {
	{ .name = "move", .store = abacus_move },
};
