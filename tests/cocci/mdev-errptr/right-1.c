// SPDX-License-Identifier: GPL-2.0-only
/* Each tested for its own kind. */
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct eventfd_ctx *ctx;
	u8 *config;
};

static int port_copy(struct port *port, const void __user *arg, size_t size)
{
	void *data = NULL;

	if (size) {
		data = memdup_user(arg, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	kfree(port->config);
	port->config = data;
	return 0;
}

static int port_listen(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR_OR_NULL(ctx))
		return -EBADF;
	swap(port->ctx, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static int port_init(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);

	port->config = kzalloc(256, GFP_KERNEL);
	if (!port->config)
		return -ENOMEM;
	return 0;
}

static const struct vfio_device_ops port_ops = { .init = port_init };
