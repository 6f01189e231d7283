// SPDX-License-Identifier: GPL-2.0-only
/* -1, which reaches user space as "operation not permitted". */
#include <linux/mm.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	bool ready;
};

static int port_open(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	if (!port->ready)
		return -1; /* finds: mdev-errno */
	return 0;
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_RESET:
		return 0;
	default:
		return -1; /* finds: mdev-errno */
	}
}

static int port_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	int ret = 0;

	if (vma->vm_pgoff) {
		ret = -1; /* finds: mdev-errno */
		goto out;
	}
	vma->vm_private_data = vdev;
out:
	return ret;
}

static const struct vfio_device_ops port_ops = {
	.name = "port",
	.open_device = port_open,
	.ioctl = port_ioctl,
	.mmap = port_mmap,
};
