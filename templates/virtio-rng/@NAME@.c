// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a source of random bytes, as virtio has it: a guest's own driver (virtio-rng) hands over
 * buffers, the device fills them. The bytes are those of the host's kernel.
 * There is no hardware behind it yet: where yours comes in, a TODO says so.
 */
#include <linux/random.h>
#include <linux/string.h>

#include <mdk/mdk.h>
#include <mdk/virtio.h>

#define @NAME_UPPER@_DEVICE 4	/* virtio's number of an entropy source */
#define @NAME_UPPER@_PLACES 64	/* of its one queue */
#define @NAME_UPPER@_PAGES 64	/* of guest memory that stay pinned */

/**
 * struct @NAME@_state - one instance
 * @bytes: on their way
 * @most: bytes for each buffer, a parameter
 */
struct @NAME@_state {
	u8 bytes[SZ_4K];
	u32 most;
};

/* Return: bytes written. */
static int @NAME@_fill(struct mdk_dev *dev, const struct mdk_chain *chain)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 len = min3(chain->writable, (u32)sizeof(state->bytes), READ_ONCE(state->most));
	int ret;

	/* TODO: your hardware's. */
	get_random_bytes(state->bytes, len);
	ret = mdk_chain_write(chain, 0, state->bytes, len);
	/* Nobody but the guest is to know them. */
	memzero_explicit(state->bytes, len);
	return ret ?: (int)len;
}

static const struct mdk_vq_row @NAME@_queues[] = {
	{ .name = "requests", .max = @NAME_UPPER@_PLACES, .buffer_pages = @NAME_UPPER@_PAGES, .work = @NAME@_fill },
};

static const struct mdk_virtio @NAME@_virtio = {
	.device = @NAME_UPPER@_DEVICE,
	MDK_VIRTIO_QUEUES(@NAME@_queues),
};

MDK_VIRTIO_TABLES(@NAME@, 1);

static int @NAME@_init(struct mdk_dev *dev)
{
	return mdk_virtio_create(dev, &@NAME@_virtio);
}

/* The SDK has stopped the queue; the parameter is the administrator's. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	memzero_explicit(state->bytes, sizeof(state->bytes));
}

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_param @NAME@_params[] = {
	MDK_PARAM_U32("rng", "most", struct @NAME@_state, most, .min = 1, .max = SZ_4K, .dflt = SZ_4K),
};

/* What an administrator can create. TODO: how many guests your hardware serves. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ 1", .description = "a source of random bytes", .cost = 1),
};

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	MDK_VIRTIO(@NAME@, @NAME_UPPER@_DEVICE, 0x00ff),
	MDK_TYPES(@NAME@_types),
	MDK_PARAMS(@NAME@_params),
	.budget = 16,
	.pin_pages = MDK_VQ_PAGES(@NAME_UPPER@_PLACES, @NAME_UPPER@_PAGES),
	.ops = &@NAME@_ops,
};

module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
