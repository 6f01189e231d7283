// SPDX-License-Identifier: GPL-2.0-only
/* The header is checked, and then comes again with the rest. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct command {
	u32 size;
	u32 code;
	u8 payload[56];
};

struct port {
	struct vfio_device vdev;
	struct command command;
	struct command *last;
};

static int port_run(struct port *port, const struct command *command);

static long port_submit(struct port *port, unsigned long arg)
{
	u32 size;

	if (copy_from_user(&size, (void __user *)arg, sizeof(size)))
		return -EFAULT;
	if (size < 8 || size > sizeof(port->command))
		return -EINVAL;
	if (copy_from_user(&port->command, (void __user *)arg, size)) /* finds: mdev-doublefetch */
		return -EFAULT;
	return port_run(port, &port->command);
}

static long port_queue(struct port *port, const void __user *ring)
{
	struct command *command;
	struct command head;
	long ret;

	if (copy_from_user(&head, ring, 8))
		return -EFAULT;
	if (head.code > 7 || head.size > 64)
		return -EINVAL;
	command = kzalloc(head.size, GFP_KERNEL);
	if (!command)
		return -ENOMEM;
	if (copy_from_user(command, ring, head.size)) { /* finds: mdev-doublefetch */
		ret = -EFAULT;
		goto free;
	}
	ret = port_run(port, command);
free:
	kfree(command);
	return ret;
}

static int port_fetch(struct port *port, dma_addr_t iova)
{
	u32 size = 0;
	int ret;

	ret = vfio_dma_rw(&port->vdev, iova, &size, sizeof(size), false);
	if (ret)
		return ret;
	if (size > sizeof(port->command))
		return -EINVAL;
	return vfio_dma_rw(&port->vdev, iova, &port->command, size, false); /* finds: mdev-doublefetch */
}
