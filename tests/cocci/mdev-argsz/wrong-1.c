// SPDX-License-Identifier: GPL-2.0-only
/* argsz not read, and argsz believed. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	u32 nr;
};

static long port_irq_info(struct port *port, void __user *arg)
{
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, sizeof(info))) /* finds: mdev-argsz */
		return -EFAULT;
	if (info.index >= port->nr)
		return -EINVAL;
	info.count = 1;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long port_region_info(struct port *port, void __user *arg, unsigned long minsz)
{
	struct vfio_region_info info = { };

	if (copy_from_user(&info, arg, minsz)) /* finds: mdev-argsz */
		return -EFAULT;
	info.size = 4096;
	if (copy_to_user(arg, &info, minsz))
		return -EFAULT;
	return 0;
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct port *port = container_of(vdev, struct port, vdev);
	struct vfio_device_info info = { };

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		if (copy_from_user(&info, (void __user *)arg, minsz))
			return -EFAULT;
		if (info.argsz < minsz)
			return -EINVAL;
		info.num_irqs = port->nr;
		if (copy_to_user((void __user *)arg, &info, info.argsz)) /* finds: mdev-argsz */
			return -EFAULT;
		return 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		return port_region_info(port, (void __user *)arg,
					offsetofend(struct vfio_region_info, offset));
	case VFIO_DEVICE_GET_IRQ_INFO:
		return port_irq_info(port, (void __user *)arg);
	}
	return -ENOTTY;
}

static const struct vfio_device_ops port_ops = { .ioctl = port_ioctl };
