// SPDX-License-Identifier: GPL-2.0-only
/* User memory by hand, beside a model. */
#include <linux/uaccess.h>
#include <mdk/mdk.h>

struct state {
	u8 firmware[64];
	u32 mode;
};

static int card_load(struct state *state, const void __user *from)
{
	if (copy_from_user(state->firmware, from, sizeof(state->firmware))) /* finds: mdk-raw-copy */
		return -EFAULT;
	return 0;
}

static ssize_t card_log(struct state *state, char __user *to, size_t count)
{
	if (count > sizeof(state->firmware))
		goto fail;
	if (copy_to_user(to, state->firmware, count)) /* finds: mdk-raw-copy */
		goto fail;
	return count;
fail:
	return -EFAULT;
}

static int card_mode(struct state *state, u32 __user *from)
{
	return get_user(state->mode, from) ? -EFAULT : 0; /* finds: mdk-raw-copy */
}

static const struct mdk_model card = {
	.name = "card",
	.state_size = sizeof(struct state),
};
