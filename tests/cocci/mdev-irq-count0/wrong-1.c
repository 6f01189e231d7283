// SPDX-License-Identifier: GPL-2.0-only
/* Three handlers of SET_IRQS that trust the user to have sent a payload. */
#include <linux/eventfd.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct mutex lock;
	int fd;
	bool masked;
};

static int port_set_msi(struct port *port, u32 flags, unsigned int start, unsigned int count,
			void *data)
{
	int ret = 0;

	mutex_lock(&port->lock);
	switch (flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		if (flags & VFIO_IRQ_SET_DATA_EVENTFD) {
			port->fd = *(int *)data; /* finds: mdev-irq-count0 */
			goto out;
		}
		break;
	default:
		ret = -ENOTTY;
	}
out:
	mutex_unlock(&port->lock);
	return ret;
}

static int port_mask(struct port *port, unsigned int index, unsigned int start,
		     unsigned int count, u32 flags, void *data)
{
	if (flags & VFIO_IRQ_SET_DATA_BOOL)
		port->masked = *(u8 *)data; /* finds: mdev-irq-count0 */
	else
		port->masked = true;
	return 0;
}

static int port_set_all(struct port *port, u32 flags, unsigned int start, u32 count, void *data)
{
	s32 *fds = data;

	if (!(flags & VFIO_IRQ_SET_DATA_EVENTFD))
		return -EINVAL;
	port->fd = fds[0]; /* finds: mdev-irq-count0 */
	return 0;
}

static int port_dispatch(struct port *port, u32 flags, unsigned int index, unsigned int start,
			 unsigned int count, void *data)
{
	if (index == 0)
		return port_mask(port, index, start, count, flags, data);
	return index == 1 ? port_set_msi(port, flags, start, count, data) :
			    port_set_all(port, flags, start, count, data);
}
