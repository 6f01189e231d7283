// SPDX-License-Identifier: GPL-2.0-only
/* As much as the struct has, and capabilities where there is room for them. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct bobbin {
	struct vfio_device vdev;
	u32 lines;
};

static long bobbin_device_info(struct bobbin *bobbin, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	if (info.argsz > sizeof(info))
		info.argsz = sizeof(info);
	info.num_irqs = bobbin->lines;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long bobbin_irq_info(struct bobbin *bobbin, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.count = bobbin->lines;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long bobbin_region_info(struct bobbin *bobbin, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_info_cap_header header = { .version = 1 };
	struct vfio_info_cap caps = {};
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	ret = vfio_info_add_capability(&caps, &header, sizeof(header));
	if (ret)
		return ret;
	if (info.argsz < sizeof(info) + caps.size) {
		info.argsz = sizeof(info) + caps.size;
		info.cap_offset = 0;
	} else if (copy_to_user(arg + sizeof(info), caps.buf, caps.size)) {
		ret = -EFAULT;
	}
	kfree(caps.buf);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
