// SPDX-License-Identifier: GPL-2.0-only
/* Initialised, cleared, or filled by a copy of the same size. */
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port_cap {
	struct vfio_info_cap_header header;
	u8 speed;
	u64 window;
};

struct port {
	struct vfio_device vdev;
	u8 speed;
};

static int port_add_cap(struct port *port, struct vfio_info_cap *caps)
{
	struct port_cap cap = {
		.header.id = 42,
		.header.version = 1,
	};

	cap.speed = port->speed;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap));
}

static int port_add_other_cap(struct port *port, struct vfio_info_cap *caps)
{
	struct port_cap cap;

	memset(&cap, 0, sizeof(cap));
	cap.header.id = 43;
	cap.speed = port->speed;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap));
}

static long port_info(struct port *port, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = { };

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < sizeof(info))
		return -EINVAL;
	info.num_irqs = 1;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}
