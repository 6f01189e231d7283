// SPDX-License-Identifier: GPL-2.0-only
/* The protocol as it is meant. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	u32 nr;
};

struct port_private {
	u32 mode;
	u32 speed;
};

static long port_irq_info(struct port *port, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= port->nr)
		return -EINVAL;
	info.count = 1;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long port_info(struct port *port, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = { };

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	minsz = min_t(size_t, info.argsz, sizeof(info));
	info.num_irqs = port->nr;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* A call of its own has no argsz. */
static long port_configure(struct port *port, void __user *arg)
{
	struct port_private mine;

	if (copy_from_user(&mine, arg, sizeof(mine)))
		return -EFAULT;
	port->nr = mine.mode ? 1 : 2;
	return 0;
}
