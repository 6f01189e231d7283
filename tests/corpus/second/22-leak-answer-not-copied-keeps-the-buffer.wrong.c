// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct dm_dump {
	__u32 argsz;
	__u32 bytes;
	__u64 to;
};

struct dm_dev {
	struct vfio_device vdev;
	u32 regs[64];
};

static u32 *dm_snapshot(struct dm_dev *dm)
{
	u32 *copy = kmemdup(dm->regs, sizeof(dm->regs), GFP_KERNEL);

	return copy ?: ERR_PTR(-ENOMEM);
}

static long dm_dump(struct dm_dev *dm, void __user *arg)
{
	struct dm_dump dump;
	u32 *copy;

	if (copy_from_user(&dump, arg, sizeof(dump)))
		return -EFAULT;
	if (dump.argsz < sizeof(dump) || dump.bytes < sizeof(dm->regs))
		return -EINVAL;
	copy = dm_snapshot(dm);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	if (copy_to_user(u64_to_user_ptr(dump.to), copy, sizeof(dm->regs)))
		return -EFAULT; /* finds: leak */
	kfree(copy);
	return 0;
}

static long dm_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return dm_dump(container_of(vdev, struct dm_dev, vdev), (void __user *)arg);
}

static const struct vfio_device_ops dm_ops = { .ioctl = dm_ioctl, .name = "dm" };
