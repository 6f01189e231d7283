// SPDX-License-Identifier: GPL-2.0-only
/* Contexts that stay after the put, contexts that are lost, and a descriptor 0 that is not one. */
#include <linux/eventfd.h>
#include <linux/vfio.h>

struct line {
	struct eventfd_ctx *ctx;
};

struct port {
	struct vfio_device vdev;
	struct eventfd_ctx *msi;
	struct eventfd_ctx *intx;
	struct line err;
};

static void port_stop(struct port *port)
{
	if (!port->msi)
		return;
	eventfd_ctx_put(port->msi); /* finds: mdev-eventfd-clear */
}

static int port_disable(struct port *port, u32 flags)
{
	int ret = 0;

	if (!(flags & VFIO_IRQ_SET_DATA_NONE)) {
		ret = -EINVAL;
		goto out;
	}
	eventfd_ctx_put(port->err.ctx); /* finds: mdev-eventfd-clear */
out:
	return ret;
}

static int port_listen(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	port->intx = ctx; /* finds: mdev-eventfd-clear */
	return 0;
}

static int port_listen_at_once(struct port *port, int fd)
{
	int ret = 0;

	port->msi = eventfd_ctx_fdget(fd); /* finds: mdev-eventfd-clear */
	if (IS_ERR(port->msi)) {
		ret = PTR_ERR(port->msi);
		port->msi = NULL;
	}
	return ret;
}

static int port_fd(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	if (fd <= 0) /* finds: mdev-eventfd-clear */
		return -EINVAL;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	swap(ctx, port->intx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}
