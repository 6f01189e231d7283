// SPDX-License-Identifier: GPL-2.0-only
/* The one caller refuses an empty payload. */
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	int fd;
};

static int port_set_msi(struct port *port, u32 flags, unsigned int start, unsigned int count,
			void *data)
{
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		port->fd = *(int *)data;
	return 0;
}

static long port_set_irqs(struct port *port, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	size_t size = 0;
	void *data;
	long ret;

	if (copy_from_user(&hdr, (void __user *)arg, minsz))
		return -EFAULT;
	if (!hdr.count)
		return -EINVAL;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 1, 1, &size);
	if (ret)
		return ret;
	data = memdup_user((void __user *)(arg + minsz), size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = port_set_msi(port, hdr.flags, hdr.start, hdr.count, data);
	kfree(data);
	return ret;
}
