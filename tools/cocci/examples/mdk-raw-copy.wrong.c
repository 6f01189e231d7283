// SPDX-License-Identifier: GPL-2.0-only
static const struct mdk_model my = { .name = "my" };

static int my_load(struct my_state *state, const void __user *from)
{
	return copy_from_user(state->firmware, from, MY_FIRMWARE) ? -EFAULT : 0;
}
