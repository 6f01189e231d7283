// SPDX-License-Identifier: GPL-2.0-only
/* Bounded, and still a subscript that a processor may be ahead of. */
#include <linux/mm.h>
#include <linux/vfio.h>

#define PORT_TO_INDEX(_offset) ((_offset) >> 40)

struct area {
	u64 size;
	u32 flags;
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
	info->size = port->areas[info->index].size; /* finds: mdev-index-nospec */
	info->flags = port->areas[info->index].flags;
	return 0;
}

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int index = PORT_TO_INDEX(*ppos);

	if (index >= port->nr_areas)
		return -EINVAL;
	return port->areas[index].rw(vdev, buf, count); /* finds: mdev-index-nospec */
}

static int port_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int index;

	index = vma->vm_pgoff >> (40 - PAGE_SHIFT);
	if (index >= port->nr_areas || !(vma->vm_flags & VM_SHARED))
		goto refuse;
	if (port->areas[index].flags & VFIO_REGION_INFO_FLAG_MMAP) /* finds: mdev-index-nospec */
		return 0;
refuse:
	return -EINVAL;
}

static const struct vfio_device_ops port_ops = {
	.read = port_read,
	.mmap = port_mmap,
};
