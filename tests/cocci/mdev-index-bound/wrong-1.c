// SPDX-License-Identifier: GPL-2.0-only
/* Registers and regions by a number of the user's that nobody looks at. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define PORT_TO_INDEX(_offset) ((_offset) >> 40)

struct area {
	u64 size;
	void *data;
};

struct port {
	struct vfio_device vdev;
	u32 io[64];
	struct area *areas;
};

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int reg = *ppos >> 2;
	u32 value;

	if (count != sizeof(value))
		return -EINVAL;
	value = port->io[reg]; /* finds: mdev-index-bound */
	return copy_to_user(buf, &value, sizeof(value)) ? -EFAULT : sizeof(value);
}

static ssize_t port_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int reg = *ppos >> 2;
	u32 value;

	if (count != sizeof(value) || copy_from_user(&value, buf, sizeof(value)))
		return -EINVAL;
	port->io[reg] = value; /* finds: mdev-index-bound */
	return sizeof(value);
}

/* That the area has data is asked of whatever the index leads to. */
static ssize_t port_area(struct port *port, char __user *buf, size_t count, loff_t *ppos)
{
	unsigned int index = PORT_TO_INDEX(*ppos);
	struct area *area = &port->areas[index]; /* finds: mdev-index-bound */

	if (!area->data)
		return -EINVAL;
	return count;
}

static ssize_t port_read_area(struct vfio_device *vdev, char __user *buf, size_t count,
			      loff_t *ppos)
{
	return port_area(container_of(vdev, struct port, vdev), buf, count, ppos);
}

static int port_info(struct vfio_device *vdev, struct vfio_region_info *info,
		     struct vfio_info_cap *caps)
{
	struct port *port = container_of(vdev, struct port, vdev);

	info->size = port->areas[info->index].size; /* finds: mdev-index-bound */
	return 0;
}

static const struct vfio_device_ops port_ops = {
	.read = port_read,
	.write = port_write,
	.get_region_info_caps = port_info,
};

static const struct vfio_device_ops port_area_ops = { .read = port_read_area };
