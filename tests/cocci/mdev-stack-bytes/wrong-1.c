// SPDX-License-Identifier: GPL-2.0-only
/* Padding and members that nobody set, filled and copied by helpers. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define GIVE(to, what) copy_to_user(to, &(what), sizeof(what))

struct meter {
	struct vfio_device vdev;
	u32 level;
	u64 total;
};

struct meter_state {
	__u32 level;
	__u64 total;
};

struct meter_limits {
	__u32 low;
	__u32 high;
	__u32 step;
	__u32 spare;
};

struct meter_name {
	struct vfio_info_cap_header header;
	__u16 length;
	__u8 kind;
};

static int meter_out(void __user *to, const void *from, size_t bytes)
{
	return copy_to_user(to, from, bytes) ? -EFAULT : 0;
}

static int meter_give(void __user *to, const struct meter_state *state)
{
	return meter_out(to, state, sizeof(*state));
}

static long meter_get(struct meter *meter, void __user *arg)
{
	struct meter_state state;

	state.level = meter->level;
	state.total = meter->total;
	return meter_give(arg, &state); /* finds: mdev-stack-bytes */
}

static void meter_fill(struct meter_limits *limits, u32 high)
{
	limits->low = 0;
	limits->high = high;
	limits->step = 1;
}

static long meter_get_limits(struct meter *meter, void __user *arg)
{
	struct meter_limits limits;

	meter_fill(&limits, meter->level);
	return meter_out(arg, &limits, sizeof(limits)); /* finds: mdev-stack-bytes */
}

static long meter_get_both(struct meter *meter, void __user *arg)
{
	struct meter_limits limits;

	limits.low = 1;
	limits.high = meter->level;
	if (GIVE(arg, limits)) /* finds: mdev-stack-bytes */
		return -EFAULT;
	return 0;
}

/* From the heap, as others have left it. */
static long meter_get_heap(struct meter *meter, void __user *arg)
{
	struct meter_state *state = kmalloc(sizeof(*state), GFP_KERNEL);
	long ret;

	if (!state)
		return -ENOMEM;
	state->level = meter->level;
	state->total = meter->total;
	ret = meter_out(arg, state, sizeof(*state)); /* finds: mdev-stack-bytes */
	kfree(state);
	return ret;
}
