// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a source of random bytes for guests, by virtio. A guest hands over buffers, and its own
 * driver, virtio-rng, does the rest: Linux has it, and so have others.
 *
 * A queue, negotiation, interrupts and resets are the SDK's (mdk/virtio.h). There is no hardware
 * behind it yet: where yours comes in, a TODO says so.
 */
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/string.h>

#include <mdk/mdk.h>
#include <mdk/virtio.h>

#define @NAME_UPPER@_DEVICE 4	/* virtio's number of an entropy source */
#define @NAME_UPPER@_PLACES 64	/* of its one queue */
#define @NAME_UPPER@_PAGES 64	/* of guest memory that stay pinned for the next use */

/**
 * struct @NAME@_state - one instance
 * @bytes: on their way to the guest
 * @served: how many it has got since it was reset
 */
struct @NAME@_state {
	u8 bytes[SZ_1K];
	u64 served;
};

/*
 * A guest that asks for more at once gets less, so that others wait for no longer. TODO: your
 * source. One that has nothing now returns -EBUSY, and says mdk_vq_kick() when it has.
 */
static int @NAME@_fill(struct mdk_dev *dev, const struct mdk_chain *chain)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 len = min_t(u32, chain->writable, sizeof(state->bytes));
	int ret;

	get_random_bytes(state->bytes, len);
	ret = mdk_chain_write(chain, 0, state->bytes, len);
	/* Nobody but the guest is to know them. */
	memzero_explicit(state->bytes, len);
	if (ret)
		return ret;
	state->served += len;
	return len;
}

static const struct mdk_vq_row @NAME@_queues[] = {
	{ .name = "requests", .max = @NAME_UPPER@_PLACES, .buffer_pages = @NAME_UPPER@_PAGES,
	  .work = @NAME@_fill },
};

static const struct mdk_virtio @NAME@_virtio = {
	.device = @NAME_UPPER@_DEVICE, MDK_VIRTIO_QUEUES(@NAME@_queues),
};

MDK_VIRTIO_TABLES(@NAME@, 1);

/* The file rng/served of each instance. */
static int @NAME@_show_served(struct mdk_dev *dev, char *buf, size_t size)
{
	struct @NAME@_state *state = mdk_state(dev);
	u64 served;

	mdk_lock(dev);
	served = state->served;
	mdk_unlock(dev);
	return scnprintf(buf, size, "%llu\n", served);
}

static const struct mdk_attr @NAME@_attrs[] = {
	{ .group = "rng", .name = "served", .show = @NAME@_show_served },
};

/* What an administrator can create. TODO: how many guests your hardware serves. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ 1", .description = "a source of random bytes", .cost = 1),
};

static int @NAME@_init(struct mdk_dev *dev)
{
	return mdk_virtio_create(dev, &@NAME@_virtio);
}

static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->served = 0;
}

/* What moves to another host with its guest; queues are the SDK's. */
static const struct mdk_save @NAME@_saves[] = {
	MDK_SAVE_NOT(struct @NAME@_state, bytes, "they live as long as a call"),
	MDK_SAVE(struct @NAME@_state, served),
};

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	MDK_VIRTIO(@NAME@, @NAME_UPPER@_DEVICE, 0x00ff),
	MDK_TYPES(@NAME@_types),
	MDK_ATTRS(@NAME@_attrs),
	.budget = 16,
	.pin_pages = MDK_VQ_PAGES(@NAME_UPPER@_PLACES, @NAME_UPPER@_PAGES),
	.ops = &@NAME@_ops,
	MDK_SAVES(1, @NAME@_saves),
};

module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
