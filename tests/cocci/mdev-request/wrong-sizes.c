// SPDX-License-Identifier: GPL-2.0-only
/* The size of another struct, an argsz the wrong way round, capabilities without room. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct spool {
	struct vfio_device vdev;
	u32 lines;
};

static long spool_device_info(struct spool *spool, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, minsz)) /* finds: mdev-request */
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.num_irqs = spool->lines;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long spool_irq_info(struct spool *spool, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz > minsz) /* finds: mdev-request */
		return -EINVAL;
	info.count = spool->lines;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long spool_region_info(struct spool *spool, void __user *arg)
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
	info.cap_offset = sizeof(info);
	ret = copy_to_user(arg + sizeof(info), caps.buf, caps.size) ? -EFAULT : 0; /* finds: mdev-request */
	kfree(caps.buf);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}
