// SPDX-License-Identifier: GPL-2.0-only
/* Compared in the function, in its caller, or by a helper of the kernel. */
#include <linux/io.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define PORT_MASK (BIT_ULL(40) - 1)
#define PORT_SIZE 256

struct port {
	struct vfio_device vdev;
	void __iomem *io;
	u8 *config;
};

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	loff_t offset = *ppos & PORT_MASK;

	if (offset >= PORT_SIZE)
		return -EINVAL;
	count = min_t(size_t, count, PORT_SIZE - offset);
	if (copy_to_user(buf, port->config + offset, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t port_poke(struct port *port, const char __user *buf, size_t count, loff_t off)
{
	u32 value;

	if (copy_from_user(&value, buf, sizeof(value)))
		return -EFAULT;
	iowrite32(value, port->io + off);
	return count;
}

static ssize_t port_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	loff_t off = *ppos & PORT_MASK;

	if (count != 4 || off > PORT_SIZE - 4 || off % 4)
		return -EINVAL;
	return port_poke(port, buf, count, off);
}

static ssize_t port_log(struct port *port, char __user *buf, size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, port->config, PORT_SIZE);
}

static const struct vfio_device_ops port_ops = {
	.read = port_read,
	.write = port_write,
};
