// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kthread.h>
#include <linux/slab.h>
#include <mdk/mdk.h>

struct st_state {
	struct task_struct *thread;
	u32 *samples;
};

static int st_loop(void *data)
{
	struct st_state *state = data;
	u32 i = 0;

	while (!kthread_should_stop()) {
		state->samples[i++ % 128] = i;
		msleep(10);
	}
	return 0;
}

static int st_init(struct mdk_dev *dev)
{
	struct st_state *state = mdk_state(dev);

	state->samples = kcalloc(128, sizeof(u32), GFP_KERNEL);
	if (!state->samples)
		return -ENOMEM;
	state->thread = kthread_run(st_loop, state, "st");
	if (IS_ERR(state->thread)) {
		kfree(state->samples);
		return PTR_ERR(state->thread);
	}
	return 0;
}

static void st_fini(struct mdk_dev *dev)
{
	struct st_state *state = mdk_state(dev);

	kfree(state->samples); /* finds: teardown */
	kthread_stop(state->thread);
}

static const struct mdk_ops st_ops = { .init = st_init, .fini = st_fini };
