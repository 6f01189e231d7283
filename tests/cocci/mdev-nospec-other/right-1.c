// SPDX-License-Identifier: GPL-2.0-only
/* What was masked chooses. */
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define STEEPLE_BELLS 8

struct steeple {
	struct vfio_device vdev;
	u32 bells[STEEPLE_BELLS];
	u32 ropes[STEEPLE_BELLS];
};

static int steeple_ring(struct steeple *steeple, u32 bell)
{
	u32 safe;

	if (bell >= STEEPLE_BELLS)
		return -EINVAL;
	safe = array_index_nospec(bell, STEEPLE_BELLS);
	steeple->bells[safe]++;
	return 0;
}

static int steeple_pull(struct steeple *steeple, u32 bell)
{
	if (bell >= STEEPLE_BELLS)
		return -EINVAL;
	bell = array_index_nospec(bell, STEEPLE_BELLS);
	return steeple->ropes[bell];
}

/* Another function chooses. */
static u32 steeple_both(struct steeple *steeple, u32 bell, u32 rope)
{
	u32 nr;

	if (bell >= STEEPLE_BELLS || rope >= STEEPLE_BELLS)
		return 0;
	nr = array_index_nospec(bell, STEEPLE_BELLS);
	rope = array_index_nospec(rope, STEEPLE_BELLS);
	return steeple_pull(steeple, nr) + steeple->ropes[rope];
}
