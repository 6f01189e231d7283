// SPDX-License-Identifier: GPL-2.0-only
/* As much as the user wants of it, of which only the head was fetched and filled. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

static long stove_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? /* finds: mdev-info-zero */
		-EFAULT : 0;
}

static long stove_get_short(void __user *arg, size_t wanted)
{
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, offsetofend(struct vfio_device_info, num_irqs))) /* finds: mdev-argsz */
		return -EFAULT;
	info.flags = VFIO_DEVICE_FLAGS_PCI;
	info.num_regions = 0;
	info.num_irqs = 0;
	if (copy_to_user(arg, &info, min(sizeof(info), wanted))) /* finds: mdev-info-zero */
		return -EFAULT;
	return 0;
}
