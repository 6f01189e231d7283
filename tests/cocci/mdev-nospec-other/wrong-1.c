// SPDX-License-Identifier: GPL-2.0-only
/* What was masked is not what chooses. */
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define TOWER_BELLS 8

struct tower {
	struct vfio_device vdev;
	u32 bells[TOWER_BELLS];
	u32 ropes[TOWER_BELLS];
};

static int tower_ring(struct tower *tower, u32 bell)
{
	u32 safe;

	if (bell >= TOWER_BELLS)
		return -EINVAL;
	safe = array_index_nospec(bell, TOWER_BELLS);
	tower->bells[bell]++; /* finds: mdev-nospec-other */
	return 0;
}

static int tower_pull(struct tower *tower, u32 bell, u32 rope)
{
	if (bell >= TOWER_BELLS)
		return -EINVAL;
	rope = array_index_nospec(rope, TOWER_BELLS);
	return tower->ropes[bell]; /* finds: mdev-nospec-other */
}

static u32 tower_both(struct tower *tower, u32 bell)
{
	u32 nr = bell, masked;

	if (nr < TOWER_BELLS) {
		masked = array_index_nospec(nr, TOWER_BELLS);
		return tower->bells[nr] + tower->ropes[nr]; /* finds: mdev-nospec-other */
	}
	return 0;
}
