// SPDX-License-Identifier: GPL-2.0-only
/* Headers of SET_IRQS that are believed. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	int fds[8];
};

static int port_set(struct port *port, u32 start, u32 count, const int *fds)
{
	return count > 8 ? -EINVAL : 0;
}

static long port_copy_payload(struct port *port, void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;
	int *data;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	if (hdr.argsz < minsz)
		return -EINVAL;
	data = memdup_user(arg + minsz, hdr.count * sizeof(int)); /* finds: mdev-irq-validate */
	if (IS_ERR(data))
		return PTR_ERR(data);
	memcpy(port->fds + hdr.start, data, hdr.count * sizeof(int));
	kfree(data);
	return 0;
}

static long port_pass_on(struct port *port, void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;

	if (copy_from_user(&hdr, arg, minsz) || hdr.argsz < minsz)
		return -EINVAL;
	return port_set(port, hdr.start, 1, NULL); /* finds: mdev-irq-validate */
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned long minsz = offsetofend(struct vfio_irq_set, count);

	switch (cmd) {
	case VFIO_DEVICE_SET_IRQS: {
		struct vfio_irq_set hdr;
		int *fds = NULL;
		long ret;

		if (copy_from_user(&hdr, (void __user *)arg, minsz))
			return -EFAULT;
		if (hdr.argsz < minsz || hdr.index)
			return -EINVAL;
		fds = kcalloc(hdr.count, sizeof(*fds), GFP_KERNEL); /* finds: mdev-irq-validate */
		if (!fds)
			return -ENOMEM;
		ret = port_set(port, 0, 8, fds);
		kfree(fds);
		return ret;
	}
	case VFIO_DEVICE_RESET:
		return port_copy_payload(port, (void __user *)arg, minsz) ?:
		       port_pass_on(port, (void __user *)arg, minsz);
	}
	return -ENOTTY;
}

static const struct vfio_device_ops port_ops = {
	.name = "port",
	.ioctl = port_ioctl,
};
