// SPDX-License-Identifier: GPL-2.0-only
/* Tested first: count, count in a loop, or the payload itself. */
#include <linux/eventfd.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	int fd[4];
	bool masked;
};

static int port_set_msi(struct port *port, u32 flags, unsigned int start, unsigned int count,
			void *data)
{
	if (start != 0 || count != 1)
		return -EINVAL;
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD)
		port->fd[0] = *(int *)data;
	return 0;
}

static int port_mask(struct port *port, unsigned int index, unsigned int start,
		     unsigned int count, u32 flags, void *data)
{
	if (!data)
		goto all;
	if (flags & VFIO_IRQ_SET_DATA_BOOL)
		port->masked = *(u8 *)data;
	return 0;
all:
	port->masked = true;
	return 0;
}

static int port_set_all(struct port *port, u32 flags, unsigned int start, u32 count, void *data)
{
	s32 *fds = data;
	u32 i;

	if (!(flags & VFIO_IRQ_SET_DATA_EVENTFD))
		return -EINVAL;
	for (i = 0; i < count; i++)
		port->fd[start + i] = fds[i];
	return 0;
}

static int port_unmask(struct port *port, u32 flags, unsigned int count, void *data)
{
	if (flags & VFIO_IRQ_SET_DATA_BOOL)
		port->masked = !(count && *(u8 *)data);
	return 0;
}
