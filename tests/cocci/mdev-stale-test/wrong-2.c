// SPDX-License-Identifier: GPL-2.0-only
/* A worker and a file of an administrator, beside callbacks. */
#include <mdk/mdk.h>

struct crane_state {
	u32 hooks;
	u32 lifted;
	bool busy;
};

static void crane_work(struct mdk_dev *dev)
{
	struct crane_state *state = mdk_state(dev);

	if (!state->lifted) /* finds: mdev-stale-test */
		return;
	mdk_lock(dev);
	state->lifted--;
	mdk_unlock(dev);
}

static int crane_hooks_store(struct mdk_dev *dev, const char *text, size_t size)
{
	struct crane_state *state = mdk_state(dev);

	if (state->hooks > 8) /* finds: mdev-stale-test */
		return -ENOSPC;
	mdk_lock(dev);
	state->hooks += 2;
	mdk_unlock(dev);
	return 0;
}

static const struct mdk_attr crane_attrs[] = {
	{ .group = "crane", .name = "hooks", .store = crane_hooks_store },
};
