// SPDX-License-Identifier: GPL-2.0-only
/* The file position reaches memory, by three ways. */
#include <linux/io.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define PORT_SHIFT 40
#define PORT_MASK (BIT_ULL(PORT_SHIFT) - 1)

struct port {
	struct vfio_device vdev;
	void __iomem *io;
	u8 *config;
};

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	loff_t offset = *ppos & PORT_MASK;

	if (copy_to_user(buf, port->config + offset, count)) /* finds: mdev-rw-bounds */
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t port_access(struct port *port, u8 *buf, size_t count, loff_t pos, bool is_write)
{
	loff_t offset;

	offset = pos & PORT_MASK;
	switch (pos >> PORT_SHIFT) {
	case 0:
		if (is_write)
			goto fail;
		memcpy(buf, port->config + offset, count); /* finds: mdev-rw-bounds */
		break;
	default:
		goto fail;
	}
	return count;
fail:
	return -EINVAL;
}

static ssize_t port_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	u32 value;

	if (count != sizeof(value) || copy_from_user(&value, buf, sizeof(value)))
		return -EFAULT;
	if (port_access(port, (u8 *)&value, sizeof(value), *ppos, true) == sizeof(value))
		return count;
	iowrite32(value, port->io + *ppos); /* finds: mdev-rw-bounds */
	return count;
}

static const struct vfio_device_ops port_ops = {
	.read = port_read,
	.write = port_write,
};
