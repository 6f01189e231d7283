// SPDX-License-Identifier: GPL-2.0-only
/* As much as the user wants of what was cleared, and never more than was fetched. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

static long hearth_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? -EFAULT : 0;
}

static long hearth_get_cleared(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	memset(&info, 0, sizeof(info));
	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? -EFAULT : 0;
}

static long hearth_get_head(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	info.num_regions = 0;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, minsz)) ? -EFAULT : 0;
}
