// SPDX-License-Identifier: GPL-2.0-only
/* The place is empty: a helper has left it so, or another member says that it is. */
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

static void horn_quiet(struct horn *horn)
{
	struct eventfd_ctx *old = xchg(&horn->soft, NULL);

	if (old)
		eventfd_ctx_put(old);
}

/* Two levels away. */
static void horn_off(struct horn *horn)
{
	horn_disarm(horn);
}

static int horn_listen(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn_disarm(horn);
	horn->loud = ctx;
	return 0;
}

static int horn_listen_off(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx;

	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn_off(horn);
	horn->loud = ctx;
	return 0;
}

static int horn_listen_soft(struct horn *horn, int fd)
{
	struct eventfd_ctx *ctx;

	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	horn_quiet(horn);
	horn->soft = ctx;
	return 0;
}

/* The page and the context come and go together. */
static void horn_detach(struct horn *horn)
{
	if (!horn->page)
		return;
	__free_page(horn->page);
	horn->page = NULL;
	eventfd_ctx_put(horn->soft);
	horn->soft = NULL;
}

static int horn_attach(struct horn *horn, struct page *page, int fd)
{
	struct eventfd_ctx *ctx;
	int ret = -EBUSY;

	if (horn->page)
		goto out;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx)) {
		ret = PTR_ERR(ctx);
		goto out;
	}
	horn->page = page;
	horn->soft = ctx;
	ret = 0;
out:
	return ret;
}
