// SPDX-License-Identifier: GPL-2.0-only
/* With the barrier, without an array, and by a switch. */
#include <linux/nospec.h>
#include <linux/vfio.h>

#define PORT_TO_INDEX(_offset) ((_offset) >> 40)

struct area {
	u64 size;
	ssize_t (*rw)(struct vfio_device *vdev, char __user *buf, size_t count);
};

struct port {
	struct vfio_device vdev;
	struct area *areas;
	u32 nr_areas;
};

static int port_info(struct port *port, struct vfio_region_info *info)
{
	if (info->index >= port->nr_areas)
		return -EINVAL;
	info->index = array_index_nospec(info->index, port->nr_areas);
	info->size = port->areas[info->index].size;
	return 0;
}

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	u32 index = PORT_TO_INDEX(*ppos);

	if (index >= port->nr_areas)
		return -EINVAL;
	index = array_index_nospec(index, port->nr_areas);
	return port->areas[index].rw(vdev, buf, count);
}

static int port_fixed_info(struct port *port, struct vfio_region_info *info)
{
	switch (info->index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		info->size = port->areas[0].size;
		return 0;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		info->size = 256;
		return 0;
	default:
		return -EINVAL;
	}
}
