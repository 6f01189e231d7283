// SPDX-License-Identifier: GPL-2.0-only
/* A parameter or a member that is put twice, although something else is replaced beside it. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#define CARD_EVENT(card) (card)->data

struct card {
	struct vfio_device vdev;
	struct eventfd_ctx *data;
	struct eventfd_ctx *error;
	u32 *words;
	u32 *spare;
};

static void card_put(struct eventfd_ctx *ctx)
{
	if (ctx)
		eventfd_ctx_put(ctx);
}

static void card_forget(struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *none = NULL;

	swap(*slot, none);
	card_put(ctx);
}

static void card_listen(struct card *card, struct eventfd_ctx *ctx)
{
	card_forget(&card->data, ctx);
	card_forget(&card->error, ctx); /* finds: mdev-after-put */
}

/* Replaced only after it was put. */
static void card_drop(struct eventfd_ctx *ctx, struct eventfd_ctx *next)
{
	card_put(ctx);
	ctx = next;
	card_put(ctx);
}

static void card_mute(struct eventfd_ctx *ctx, struct eventfd_ctx *next)
{
	card_drop(ctx, next);
	card_put(ctx); /* finds: mdev-after-put */
}

static void card_shrink(struct card *card)
{
	u32 *none = NULL;

	kfree(card->words);
	swap(card->spare, none);
	kfree(card->words); /* finds: mdev-after-put */
	card->words = NULL;
}
