// SPDX-License-Identifier: GPL-2.0-only
/* Freed at a label, kept by somebody, or not allocated yet. */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct line {
	struct list_head node;
	u32 kind;
	u8 *buf;
};

struct port {
	struct vfio_device vdev;
	struct line *line;
	struct list_head lines;
	u32 nr;
};

static long port_load(struct port *port, void __user *arg, size_t size)
{
	u8 *data;
	long ret = 0;

	data = memdup_user(arg, size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	if (port->nr > 4) {
		ret = -ENOSPC;
		goto free;
	}
	port->nr++;
free:
	kfree(data);
	return ret;
}

static int port_add(struct port *port, u32 kind)
{
	struct line *line;

	if (kind > 7)
		return -EINVAL;
	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	port->line = line;
	if (!port->nr)
		return -ENODEV;
	return 0;
}

static int port_queue(struct port *port)
{
	struct line *line;

	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	list_add(&line->node, &port->lines);
	if (!port->nr)
		return -EAGAIN;
	return 0;
}

/* The compiler frees it on each way out. */
static int port_scan(struct port *port, u32 kind)
{
	struct line *line __free(kfree) = NULL;

	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	if (kind > 7)
		return -ENXIO;
	return line->kind;
}
