// SPDX-License-Identifier: GPL-2.0-only
/* A helper that empties another place, or comes too late; a test of what says nothing of it. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct horn {
	struct vfio_device vdev;
	struct eventfd_ctx *loud;
	struct eventfd_ctx *soft;
	struct page *page;
	bool armed;
};

static void horn_disarm(struct horn *horn)
{
	struct eventfd_ctx *old = horn->loud;

	horn->loud = NULL;
	if (old)
		eventfd_ctx_put(old);
}

static void horn_tell(struct horn *horn)
{
	if (horn->loud)
		eventfd_signal(horn->loud);
}

static int horn_listen(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn_disarm(horn);
	horn->soft = ctx; /* finds: mdev-eventfd-clear */
	return 0;
}

static int horn_listen_told(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn_tell(horn);
	horn->loud = ctx; /* finds: mdev-eventfd-clear */
	return 0;
}

static int horn_attach(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx;

	if (horn->page)
		return -EBUSY;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn->soft = ctx; /* finds: mdev-eventfd-clear */
	return 0;
}

static void horn_stop(struct horn *horn)
{
	horn->armed = false;
	if (horn->loud)
		eventfd_ctx_put(horn->loud);
	horn->loud = NULL;
}

/* Armed is the other way round. */
static int horn_again(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx;

	if (!horn->armed)
		return -ENODEV;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn->loud = ctx; /* finds: mdev-eventfd-clear */
	return 0;
}
