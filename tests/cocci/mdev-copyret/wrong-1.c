// SPDX-License-Identifier: GPL-2.0-only
/* The number of bytes that were not copied, taken for an error. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	u32 mode;
};

static long port_mode(struct port *port, void __user *arg)
{
	return copy_to_user(arg, &port->mode, sizeof(port->mode)); /* finds: mdev-copyret */
}

static int port_set_mode(struct port *port, void __user *arg)
{
	u32 mode;
	int ret;

	ret = copy_from_user(&mode, arg, sizeof(mode)); /* finds: mdev-copyret */
	if (ret)
		return ret;
	port->mode = mode;
	return 0;
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct port *port = container_of(vdev, struct port, vdev);
	long ret;

	if (cmd != VFIO_DEVICE_RESET)
		return port_mode(port, (void __user *)arg);
	if (port_set_mode(port, (void __user *)arg))
		return -EINVAL;
	ret = copy_to_user((void __user *)arg, &port->mode, sizeof(port->mode)); /* finds: mdev-copyret */
	if (ret)
		goto out;
	port->mode = 0;
out:
	return ret;
}

static const struct vfio_device_ops port_ops = {
	.ioctl = port_ioctl,
};
