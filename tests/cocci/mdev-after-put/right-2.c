// SPDX-License-Identifier: GPL-2.0-only
/* What a helper puts is not what it was given: nothing, or the old one that it found. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#define NO_EVENT NULL

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

static void card_swap(struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	swap(*slot, ctx);
	card_put(ctx);
}

static void card_xchg(struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	ctx = xchg(slot, ctx);
	card_put(ctx);
}

/* Two levels away, and the same one for both. */
static void card_listen(struct card *card, struct eventfd_ctx *ctx)
{
	card_swap(&card->data, ctx);
	card_xchg(&card->error, ctx);
}

static void card_close(struct card *card)
{
	card_swap(&card->data, NULL);
	card_swap(&card->error, NULL);
}

static void card_reset(struct card *card)
{
	card_put(NO_EVENT);
	card_put(NO_EVENT);
	card_put((struct eventfd_ctx *)0);
	card_put((struct eventfd_ctx *)0);
	card_listen(card, NULL);
}

static void card_shrink(struct card *card)
{
	kfree(card->words);
	swap(card->spare, card->words);
	kfree(card->words);
	card->words = NULL;
}
