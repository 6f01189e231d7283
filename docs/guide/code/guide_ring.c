// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/memory-and-rings.md: a guest gives buffers in a ring, the device fills them. */
#include <linux/random.h>

#include <mdk/mdk.h>

#define CARD_BASE 0x00
#define CARD_SIZE 0x04
#define CARD_TAIL 0x08
#define CARD_HEAD 0x0c

#define CARD_DONE BIT(0)
#define CARD_BAD BIT(1)
#define CARD_BYTES 64

struct card_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

struct card_state {
	struct mdk_ring *ring;
	struct mdk_work *work;
};

static const struct mdk_ring_spec card_ring = {
	.name = "random", .max = 256, .desc_size = sizeof(struct card_desc),
	.status = offsetof(struct card_desc, status), .dir = MDK_FROM_DEVICE, .buffer_pages = 16,
};

/* One descriptor. Return: there may be more. */
static bool card_serve(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);
	struct card_desc desc;
	u8 bytes[CARD_BYTES];
	int ret;

	if (mdk_ring_fetch(state->ring, &desc))
		return false;
	get_random_bytes(bytes, sizeof(bytes));
	ret = mdk_ring_write(state->ring, le64_to_cpu(desc.addr), bytes,
			     min_t(u32, le32_to_cpu(desc.len), sizeof(bytes)));
	if (ret == -EAGAIN) {
		mdk_work_queue(state->work, 1);
		return false;
	}
	desc.status = cpu_to_le32(ret ? CARD_DONE | CARD_BAD : CARD_DONE);
	return !mdk_ring_complete(state->ring, &desc);
}

static void card_work(struct mdk_dev *dev)
{
	mdk_lock(dev);
	while (card_serve(dev))
		;
	mdk_unlock(dev);
}

static void card_size(struct mdk_dev *dev, const struct mdk_reg *reg, u32 size)
{
	struct card_state *state = mdk_state(dev);

	mdk_ring_stop(state->ring);
	if (!size || mdk_ring_start(state->ring, mdk_reg_get(dev, 0, CARD_BASE), size))
		mdk_reg_set(dev, 0, CARD_SIZE, 0);
}

static void card_tail(struct mdk_dev *dev, const struct mdk_reg *reg, u32 tail)
{
	struct card_state *state = mdk_state(dev);

	if (!mdk_ring_produce(state->ring, tail))
		mdk_work_queue(state->work, 0);
}

static u32 card_head(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct card_state *state = mdk_state(dev);

	return mdk_ring_completed(state->ring);
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_BASE, "BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_SIZE, "SIZE", 0, GENMASK(8, 0), .written = card_size),
	MDK_REG_RW(CARD_TAIL, "TAIL", 0, GENMASK(31, 0), .written = card_tail),
	MDK_REG_RO(CARD_HEAD, "HEAD", 0, .read = card_head),
};

static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, card_regs) };

/* The guest has unmapped the ring, or switched the device off. */
static void card_broken(struct mdk_dev *dev, struct mdk_ring *ring)
{
	mdk_reg_set(dev, 0, CARD_SIZE, 0);
}

static int card_init(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, card_work);
	state->ring = mdk_ring_create(dev, &card_ring);
	if (!state->work || !state->ring)
		return -ENOMEM;
	return mdk_ring_on_broken(state->ring, card_broken);
}

/* The worker has ended and the ring has stopped when it is called. */
static void card_reset(struct mdk_dev *dev)
{
}

static const struct mdk_ops card_ops = { .init = card_init, .reset = card_reset };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide ring", .cost = 1) };

static const struct mdk_model guide_ring = {
	.name = "guide_ring",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_TYPES(card_types),
	.budget = 4,
	.ops = &card_ops,
	.pin_pages = 32,
};
module_mdk_driver(guide_ring);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/memory-and-rings.md, rings");
