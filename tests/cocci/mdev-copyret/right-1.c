// SPDX-License-Identifier: GPL-2.0-only
/* -EFAULT, in each of the usual ways. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	u32 mode;
};

static long port_mode(struct port *port, void __user *arg)
{
	return copy_to_user(arg, &port->mode, sizeof(port->mode)) ? -EFAULT : 0;
}

static int port_set_mode(struct port *port, void __user *arg)
{
	u32 mode;
	int ret;

	ret = copy_from_user(&mode, arg, sizeof(mode));
	if (ret) {
		ret = -EFAULT;
		goto out;
	}
	port->mode = mode;
out:
	return ret;
}

static ssize_t port_part(struct port *port, char __user *buf, size_t count)
{
	size_t left;

	if (count > sizeof(port->mode))
		return -EINVAL;
	left = copy_to_user(buf, &port->mode, count);
	if (left == count)
		return -EFAULT;
	return count - left;
}

static int port_clear(struct port *port, void __user *arg)
{
	if (clear_user(arg, sizeof(port->mode)))
		return -EFAULT;
	return 0;
}

/* A layer over the kernel's own: it has the same name, and gives back the same. */
static unsigned long port_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return copy_from_user(to, from, n);
}

static int port_get_mode(struct port *port, void __user *arg)
{
	return port_copy_from_user(&port->mode, arg, sizeof(port->mode)) ? -EFAULT : 0;
}
