// SPDX-License-Identifier: GPL-2.0-only
/* A source of random bytes that a guest's own virtio-rng drives. For docs/guide/virtio.md. */
#include <linux/random.h>
#include <linux/string.h>

#include <mdk/mdk.h>
#include <mdk/virtio.h>

#define DICE_DEVICE 4	/* virtio's number of an entropy source */
#define DICE_PLACES 64	/* of its one queue */
#define DICE_PAGES 64	/* of guest memory that stay pinned */

struct dice_state {
	u8 bytes[SZ_1K];
};

static int dice_fill(struct mdk_dev *dev, const struct mdk_chain *chain)
{
	struct dice_state *state = mdk_state(dev);
	u32 len = min_t(u32, chain->writable, sizeof(state->bytes));
	int ret;

	get_random_bytes(state->bytes, len);
	ret = mdk_chain_write(chain, 0, state->bytes, len);
	/* Nobody but the guest is to know them. */
	memzero_explicit(state->bytes, len);
	return ret ?: (int)len;
}

static const struct mdk_vq_row dice_queues[] = {
	{ .name = "requests", .max = DICE_PLACES, .buffer_pages = DICE_PAGES, .work = dice_fill },
};

static const struct mdk_virtio dice_virtio = {
	.device = DICE_DEVICE, MDK_VIRTIO_QUEUES(dice_queues),
};

MDK_VIRTIO_TABLES(dice, 1);

static int dice_init(struct mdk_dev *dev)
{
	return mdk_virtio_create(dev, &dice_virtio);
}

/* What a guest drew is gone already, and the queue is the SDK's. */
static void dice_reset(struct mdk_dev *dev)
{
}

static const struct mdk_ops dice_ops = { .init = dice_init, .reset = dice_reset };

static const struct mdk_type dice_types[] = {
	MDK_TYPE("1", "Dice", .description = "random bytes of the host", .cost = 1),
};

static const struct mdk_model dice_model = {
	.name = "guide_virtio",
	.state_size = sizeof(struct dice_state),
	MDK_VIRTIO(dice, DICE_DEVICE, 0x00ff),
	MDK_TYPES(dice_types),
	.budget = 16,
	.pin_pages = MDK_VQ_PAGES(DICE_PLACES, DICE_PAGES),
	.ops = &dice_ops,
};

module_mdk_driver(dice_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("the guide's example of a virtio device");
