// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static int my_fetch(struct vfio_region_info *info, void __user *arg, size_t minsz)
{
	return copy_from_user(info, arg, minsz) ? -EFAULT : 0;
}

static long my_region_info(void __user *arg, size_t minsz)
{
	struct vfio_region_info info;
	int ret = my_fetch(&info, arg, minsz);

	if (ret)
		return ret;
	info.size = PAGE_SIZE;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
