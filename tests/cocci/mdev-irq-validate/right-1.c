// SPDX-License-Identifier: GPL-2.0-only
/* Checked by VFIO, by an overflow-safe addition, or not used at all. */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	int fds[8];
};

static int port_set(struct port *port, u32 start, u32 count, const int *fds)
{
	return 0;
}

static long port_set_irqs(struct port *port, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	int *data = NULL;
	size_t size;
	long ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, 8, 1, &size);
	if (ret)
		return ret;
	if (size) {
		data = memdup_user(arg + minsz, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	ret = port_set(port, hdr.start, hdr.count, data);
	kfree(data);
	return ret;
}

static long port_set_by_hand(struct port *port, void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;
	u32 end;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz || check_add_overflow(hdr.start, hdr.count, &end) || end > 8)
		return -EINVAL;
	return port_set(port, hdr.start, hdr.count, port->fds);
}

static long port_refuse(void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	return hdr.argsz < minsz ? -EINVAL : -ENOTTY;
}
