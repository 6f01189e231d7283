// SPDX-License-Identifier: GPL-2.0-only
/* Memory that only an error path forgets. */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct line {
	u32 kind;
	u8 *buf;
};

struct port {
	struct vfio_device vdev;
	struct line *line;
	u32 nr;
};

static long port_load(struct port *port, void __user *arg, size_t size)
{
	u8 *data;

	data = memdup_user(arg, size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	if (port->nr > 4)
		return -ENOSPC; /* finds: mdev-error-leak */
	port->nr++;
	kfree(data);
	return 0;
}

static int port_add(struct port *port, u32 kind)
{
	struct line *line;

	line = kzalloc(sizeof(*line), GFP_KERNEL);
	if (!line)
		goto none;
	line->kind = kind;
	if (kind > 7)
		return -EINVAL; /* finds: mdev-error-leak */
	port->line = line;
	return 0;
none:
	return -ENOMEM;
}

static int port_grow(struct port *port, size_t size)
{
	u8 *buf;
	int ret = 0;

	buf = kvmalloc(size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (!port->line)
		return -ENODEV; /* finds: mdev-error-leak */
	port->line->buf = buf;
	return ret;
}
