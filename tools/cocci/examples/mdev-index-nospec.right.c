// SPDX-License-Identifier: GPL-2.0-only
static int my_region_info(struct my_dev *my, struct vfio_region_info *info)
{
	u32 index = info->index;

	if (index >= my->nr_regions)
		return -EINVAL;
	index = array_index_nospec(index, my->nr_regions);
	info->size = my->regions[index].size;
	return 0;
}
