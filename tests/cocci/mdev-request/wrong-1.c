// SPDX-License-Identifier: GPL-2.0-only
/* A helper copies the request, and nobody looks at its argsz. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define FETCH(to, from, size) copy_from_user(to, from, size)

struct tap {
	struct vfio_device vdev;
	u32 regions;
};

static int tap_in(void *to, const void __user *from, size_t bytes)
{
	return copy_from_user(to, from, bytes) ? -EFAULT : 0;
}

static int tap_request(void *to, const void __user *from, size_t bytes)
{
	return tap_in(to, from, bytes);
}

static long tap_device_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (tap_request(&info, arg, minsz)) /* finds: mdev-request */
		return -EFAULT;
	info.num_regions = tap->regions;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long tap_region_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = {};

	if (FETCH(&info, arg, minsz)) /* finds: mdev-request */
		return -EFAULT;
	info.size = info.index < tap->regions ? PAGE_SIZE : 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static void tap_answer(struct vfio_irq_info *info)
{
	info->count = info->index ? 0 : 1;
}

static long tap_irq_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;
	int ret = tap_in(&info, arg, minsz); /* finds: mdev-request */

	if (ret)
		return ret;
	tap_answer(&info);
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
