// SPDX-License-Identifier: GPL-2.0-only
/* Structs of the stack that reach user space with holes. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port_cap {
	struct vfio_info_cap_header header;
	u8 speed;
	u64 window;
};

struct port {
	struct vfio_device vdev;
	struct vfio_info_cap caps;
	u8 speed;
};

static int port_add_cap(struct port *port, struct vfio_info_cap *caps)
{
	struct port_cap cap;

	cap.header.id = 42;
	cap.header.version = 1;
	cap.speed = port->speed;
	cap.window = 0;
	return vfio_info_add_capability(caps, &cap.header, sizeof(cap)); /* finds: mdev-info-zero */
}

static long port_info(struct port *port, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < sizeof(info))
		return -EINVAL;
	info.num_irqs = 1;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0; /* finds: mdev-info-zero */
}

static long port_plane(struct port *port, void __user *arg)
{
	struct vfio_device_gfx_plane_info plane;
	long ret = 0;

	plane.argsz = sizeof(plane);
	plane.width = 640;
	plane.height = 480;
	if (copy_to_user(arg, &plane, sizeof(plane))) { /* finds: mdev-info-zero */
		ret = -EFAULT;
		goto out;
	}
out:
	return ret;
}
