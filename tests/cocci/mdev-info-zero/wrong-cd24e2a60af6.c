// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reconstruction of the shape, in our own words: the capability that tells of dirty page
 * tracking has padding between a u32 and a u64.
 */
#include <linux/vfio.h>

struct tracker {
	u64 pgsizes;
	u64 max;
};

static int tracker_add_cap(struct tracker *tracker, struct vfio_info_cap *caps)
{
	struct vfio_iommu_type1_info_cap_migration cap;

	cap.header.id = VFIO_IOMMU_TYPE1_INFO_CAP_MIGRATION;
	cap.header.version = 1;
	cap.flags = 0;
	cap.pgsize_bitmap = tracker->pgsizes;
	cap.max_dirty_bitmap_size = tracker->max;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap)); /* finds: mdev-info-zero */
}
