// SPDX-License-Identifier: GPL-2.0-only
/* An errno, or a -1 that stays inside. */
#include <linux/mm.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	int slot;
};

static int port_find(struct port *port, unsigned long pgoff)
{
	return pgoff ? -1 : port->slot;
}

static int port_open(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	port->slot = -1;
	return port_find(port, 0) < 0 ? -ENODEV : 0;
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return -ENOTTY;
}

static int port_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	int ret = -1;

	ret = port_find(container_of(vdev, struct port, vdev), vma->vm_pgoff);
	return ret < 0 ? -EINVAL : 0;
}

static const struct vfio_device_ops port_ops = {
	.open_device = port_open,
	.ioctl = port_ioctl,
	.mmap = port_mmap,
};
