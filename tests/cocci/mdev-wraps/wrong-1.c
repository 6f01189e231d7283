// SPDX-License-Identifier: GPL-2.0-only
/* The other number is asked, and counters that come round. */
#include <linux/math64.h>
#include <linux/vfio.h>

struct tally {
	struct vfio_device vdev;
	u64 sum, count, bytes, ticks;
	u32 used;
	u8 *marks;
};

static u64 tally_mean(struct tally *tally)
{
	return tally->sum ? div64_u64(tally->sum, tally->count) : 0; /* finds: mdev-wraps */
}

static u64 tally_rate(struct tally *tally)
{
	u64 rate = 0;

	if (tally->bytes)
		rate = tally->bytes * 8 / tally->ticks; /* finds: mdev-wraps */
	return rate;
}

static u32 tally_run(struct tally *tally, u32 at, u32 end)
{
	u8 run = 0;

	while (at + run < end && tally->marks[at + run]) /* finds: mdev-wraps */
		run++;
	return run;
}
