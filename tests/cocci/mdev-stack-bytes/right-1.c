// SPDX-License-Identifier: GPL-2.0-only
/* All bytes are set, be it in a helper. */
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct meter {
	struct vfio_device vdev;
	u32 level;
	u64 total;
};

struct gauge_state {
	__u32 level;
	__u64 total;
};

struct gauge_limits {
	__u32 low;
	__u32 high;
};

void gauge_fill_elsewhere(struct gauge_state *state);

static int gauge_out(void __user *to, const void *from, size_t bytes)
{
	return copy_to_user(to, from, bytes) ? -EFAULT : 0;
}

static void gauge_clear(struct gauge_state *state)
{
	memset(state, 0, sizeof(*state));
}

static long gauge_get(struct meter *meter, void __user *arg)
{
	struct gauge_state state;

	gauge_clear(&state);
	state.level = meter->level;
	return gauge_out(arg, &state, sizeof(state));
}

static long gauge_get_other(struct meter *meter, void __user *arg)
{
	struct gauge_state state;

	gauge_fill_elsewhere(&state);
	return gauge_out(arg, &state, sizeof(state));
}

/* No padding, and all members. */
static long gauge_get_limits(struct meter *meter, void __user *arg)
{
	struct gauge_limits limits;

	limits.low = 1;
	limits.high = meter->level;
	return gauge_out(arg, &limits, sizeof(limits));
}

static long gauge_get_copy(struct meter *meter, const struct gauge_state *from, void __user *arg)
{
	struct gauge_state state = { .level = 1 }, other;

	other = *from;
	return gauge_out(arg, &state, sizeof(state)) ?: gauge_out(arg, &other, sizeof(other));
}
