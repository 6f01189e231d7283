// SPDX-License-Identifier: GPL-2.0-only
/* What divides is asked, here or before; counters with an end of their own, or as wide. */
#include <linux/math64.h>
#include <linux/vfio.h>

struct score {
	struct vfio_device vdev;
	u64 sum, count, bytes, ticks;
	u8 *marks;
};

static u64 score_mean(struct score *score)
{
	return score->count ? div64_u64(score->sum, score->count) : 0;
}

static u64 score_rate(struct score *score)
{
	if (!score->ticks)
		return 0;
	return score->bytes ? score->bytes * 8 / score->ticks : 0;
}

static u32 score_run(struct score *score, u32 at, u32 end)
{
	u8 run = 0;

	while (at + run < end && score->marks[at + run] && run < U8_MAX)
		run++;
	return run;
}

static u32 score_all(struct score *score, u32 at, u32 end)
{
	u32 run = 0;

	while (at + run < end && score->marks[at + run])
		run++;
	return run;
}

static u64 score_share(struct score *score, u64 parts)
{
	return score->sum ? score->bytes / parts : 0;
}
