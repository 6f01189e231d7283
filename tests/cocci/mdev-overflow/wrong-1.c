// SPDX-License-Identifier: GPL-2.0-only
/* Sums of a user's numbers that wrap. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct window {
	u32 argsz;
	u32 start;
	u32 count;
	u64 base;
	u64 length;
};

struct port {
	struct vfio_device vdev;
	u32 nr;
	u64 size;
};

static long port_window(struct port *port, void __user *arg, unsigned long minsz)
{
	struct window window;

	if (copy_from_user(&window, arg, minsz))
		return -EFAULT;
	if (window.argsz < minsz)
		return -EINVAL;
	if (window.start + window.count > port->nr) /* finds: mdev-overflow */
		return -EINVAL;
	return 0;
}

static long port_map(struct port *port, void __user *arg)
{
	struct window window;
	long ret = 0;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	if (!window.length || window.base + window.length >= port->size) { /* finds: mdev-overflow */
		ret = -ERANGE;
		goto out;
	}
	port->nr = 1;
out:
	return ret;
}

static long port_count(struct port *port, void __user *arg)
{
	struct window window;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	return port->nr < window.count + window.start ? -EINVAL : 0; /* finds: mdev-overflow */
}
