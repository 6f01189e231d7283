// SPDX-License-Identifier: GPL-2.0-only
/* Cleared with the put, replaced after it, or gone with its container. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct line {
	struct eventfd_ctx *ctx;
	int vector;
};

struct port {
	struct vfio_device vdev;
	struct eventfd_ctx *msi;
	struct line *line;
};

static void port_stop(struct port *port)
{
	if (port->msi) {
		eventfd_ctx_put(port->msi);
		port->msi = NULL;
	}
}

static int port_listen(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	if (fd < 0) {
		port_stop(port);
		return 0;
	}
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (port->msi)
		eventfd_ctx_put(port->msi);
	port->msi = ctx;
	return 0;
}

static void port_release_msi(struct port *port)
{
	port_stop(port);
}

static int port_relisten(struct port *port, int fd)
{
	struct eventfd_ctx *ctx;

	port_release_msi(port);
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	port->msi = ctx;
	return 0;
}

static void port_drop_line(struct port *port)
{
	struct line *line = port->line;

	eventfd_ctx_put(line->ctx);
	kfree(line);
	port->line = NULL;
}

static int port_new_line(struct port *port, int fd)
{
	struct line *line = NULL;
	struct eventfd_ctx *ctx;
	int ret;

	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx)) {
		ret = PTR_ERR(ctx);
		goto free;
	}
	line->ctx = ctx;
	port->line = line;
	return 0;
free:
	kfree(line);
	return ret;
}

struct line {
	struct {
		struct eventfd_ctx *ctx;
	} call;
	struct eventfd_ctx *failed;
};

static void line_call_reset(struct line *line)
{
	line->call.ctx = NULL;
}

static void line_reset(struct line *line)
{
	line->failed = NULL;
	line_call_reset(line);
}

/* Each place is emptied by who sets all of it anew. */
static void lines_cleanup(struct line **lines, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (lines[i]->failed)
			eventfd_ctx_put(lines[i]->failed);
		if (lines[i]->call.ctx)
			eventfd_ctx_put(lines[i]->call.ctx);
		line_reset(lines[i]);
	}
}

/* A new one has none yet, whichever way it is filled. */
static int port_add_line(struct port *port, int fd, bool listen)
{
	struct line *line = NULL;
	struct eventfd_ctx *ctx;

	line = kzalloc_obj(*line, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	if (listen) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx)) {
			kfree(line);
			return PTR_ERR(ctx);
		}
		line->failed = ctx;
	}
	port_keep_line(port, line);
	return 0;
}
