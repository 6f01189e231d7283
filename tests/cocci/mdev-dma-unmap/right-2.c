// SPDX-License-Identifier: GPL-2.0-only
/* Ops of a driver that pins nothing need none. */
#include <linux/vfio.h>

static int port_open(struct vfio_device *vdev)
{
	return 0;
}

static const struct vfio_device_ops port_ops = {
	.name = "port",
	.open_device = port_open,
};
