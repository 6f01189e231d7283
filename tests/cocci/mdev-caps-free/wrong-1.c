// SPDX-License-Identifier: GPL-2.0-only
/* A chain that is lost when the user's pointer is bad, and one that is lost always. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
};

static int port_add_caps(struct port *port, struct vfio_info_cap *caps);

static long port_region_info(struct port *port, void __user *arg)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	ret = port_add_caps(port, &caps);
	if (ret)
		return ret;
	if (caps.size) {
		vfio_info_cap_shift(&caps, sizeof(info));
		if (info.argsz >= sizeof(info) + caps.size &&
		    copy_to_user(arg + sizeof(info), caps.buf, caps.size))
			return -EFAULT; /* finds: mdev-caps-free */
		kfree(caps.buf);
	}
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long port_device_info(struct port *port, void __user *arg, size_t argsz)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	int ret = port_add_caps(port, &caps);

	if (ret)
		goto out;
	if (argsz >= caps.size && copy_to_user(arg, caps.buf, caps.size))
		ret = -EFAULT;
out:
	return ret; /* finds: mdev-caps-free */
}
