// SPDX-License-Identifier: GPL-2.0-only
/* argsz is looked at: here, in the helper that copies, in one that judges. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct tap {
	struct vfio_device vdev;
	u32 regions;
};

bool tap_other_judges(const struct vfio_irq_info *info);

static int tap_in(void *to, const void __user *from, size_t bytes)
{
	return copy_from_user(to, from, bytes) ? -EFAULT : 0;
}

static int tap_fetch_info(struct vfio_device_info *info, void __user *arg, size_t minsz)
{
	if (tap_in(info, arg, minsz))
		return -EFAULT;
	return info->argsz < minsz ? -EINVAL : 0;
}

static long tap_device_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;
	int ret = tap_fetch_info(&info, arg, minsz);

	if (ret)
		return ret;
	info.num_regions = tap->regions;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long tap_region_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (tap_in(&info, arg, minsz) || info.argsz < minsz)
		return -EINVAL;
	info.size = info.index < tap->regions ? PAGE_SIZE : 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long tap_irq_info(struct tap *tap, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (tap_in(&info, arg, minsz) || !tap_other_judges(&info))
		return -EINVAL;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
