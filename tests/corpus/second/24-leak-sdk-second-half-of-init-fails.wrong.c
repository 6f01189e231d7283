// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <mdk/mdk.h>

struct il_state {
	void *frames;
	u32 *table;
};

static int il_init(struct mdk_dev *dev)
{
	struct il_state *state = mdk_state(dev);

	state->frames = vzalloc(SZ_1M);
	if (!state->frames)
		return -ENOMEM;
	state->table = kcalloc(256, sizeof(u32), GFP_KERNEL);
	if (!state->table)
		return -ENOMEM; /* finds: leak */
	return 0;
}

static void il_fini(struct mdk_dev *dev)
{
	struct il_state *state = mdk_state(dev);

	kfree(state->table);
	vfree(state->frames);
}

static const struct mdk_ops il_ops = { .init = il_init, .fini = il_fini };
