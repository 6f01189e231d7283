// SPDX-License-Identifier: GPL-2.0-only
static int my_region_info(struct my_dev *my, struct vfio_region_info *info)
{
	if (info->index >= my->nr_regions)
		return -EINVAL;
	info->size = my->regions[info->index].size;
	return 0;
}
