// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct dmr_dump {
	__u32 argsz;
	__u32 bytes;
	__u64 to;
};

struct dmr_dev {
	struct vfio_device vdev;
	u32 regs[64];
};

static u32 *dmr_snapshot(struct dmr_dev *dm)
{
	u32 *copy = kmemdup(dm->regs, sizeof(dm->regs), GFP_KERNEL);

	return copy ?: ERR_PTR(-ENOMEM);
}

static long dmr_dump(struct dmr_dev *dm, void __user *arg)
{
	struct dmr_dump dump;
	u32 *copy;

	if (copy_from_user(&dump, arg, sizeof(dump)))
		return -EFAULT;
	if (dump.argsz < sizeof(dump) || dump.bytes < sizeof(dm->regs))
		return -EINVAL;
	copy = dmr_snapshot(dm);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	if (copy_to_user(u64_to_user_ptr(dump.to), copy, sizeof(dm->regs)))
		goto fault;
	kfree(copy);
	return 0;

fault:
	kfree(copy);
	return -EFAULT;
}

static long dmr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return dmr_dump(container_of(vdev, struct dmr_dev, vdev), (void __user *)arg);
}

static const struct vfio_device_ops dmr_ops = { .ioctl = dmr_ioctl, .name = "dm" };
