// SPDX-License-Identifier: GPL-2.0-only
/* NULL where an ERR_PTR comes, and the other way round. */
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
	void *data;

	data = memdup_user(arg, size);
	if (!data) /* finds: mdev-errptr */
		return -ENOMEM;
	kfree(port->config);
	port->config = data;
	return 0;
}

static int port_listen(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	ctx = eventfd_ctx_fdget(fd);
	if (!ctx) /* finds: mdev-errptr */
		return -EBADF;
	swap(port->ctx, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static int port_init(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);
	int ret = 0;

	port->config = kzalloc(256, GFP_KERNEL);
	if (IS_ERR(port->config)) { /* finds: mdev-errptr */
		ret = PTR_ERR(port->config);
		goto out;
	}
	port->config[0] = 1;
out:
	return ret;
}

static const struct vfio_device_ops port_ops = { .init = port_init };
