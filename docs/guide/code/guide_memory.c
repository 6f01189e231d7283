// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/memory-and-rings.md: a worker that adds up words of guest memory. */
#include <mdk/mdk.h>

#define CARD_ADDR_LO 0x00
#define CARD_ADDR_HI 0x04
#define CARD_WORDS 0x08
#define CARD_START 0x0c
#define CARD_SUM 0x10
#define CARD_STATUS 0x14

#define CARD_DONE BIT(0)
#define CARD_FAILED BIT(1)

struct card_state {
	struct mdk_work *work;
	bool busy;
};

static int card_sum(struct mdk_dev *dev, u64 addr, u32 words, u32 *sum)
{
	struct mdk_pinned *pinned = mdk_pin(dev, addr, 4ULL * words, MDK_TO_DEVICE);
	__le32 word;
	int ret = 0;
	u32 i;

	if (IS_ERR(pinned))
		return PTR_ERR(pinned);
	for (i = 0; i < words && !ret; i++) {
		ret = mdk_pinned_read(pinned, 4ULL * i, &word, sizeof(word));
		if (!ret)
			*sum += le32_to_cpu(word);
	}
	mdk_unpin(pinned);
	return ret;
}

static void card_work(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);
	u64 addr = (u64)mdk_reg_get(dev, 0, CARD_ADDR_HI) << 32 | mdk_reg_get(dev, 0, CARD_ADDR_LO);
	u32 sum = 0;
	int ret;

	mdk_lock(dev);
	if (state->busy) {
		ret = card_sum(dev, addr, mdk_reg_get(dev, 0, CARD_WORDS), &sum);
		if (ret == -EAGAIN) {
			mdk_work_queue(state->work, 20);
		} else {
			state->busy = false;
			mdk_reg_set(dev, 0, CARD_SUM, sum);
			mdk_reg_set_bits(dev, 0, CARD_STATUS, ret ? CARD_FAILED : CARD_DONE);
		}
	}
	mdk_unlock(dev);
}

static void card_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct card_state *state = mdk_state(dev);

	state->busy = true;
	mdk_work_queue(state->work, 0);
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_ADDR_LO, "ADDR_LO", 0, GENMASK(31, 2)),
	MDK_REG_RW(CARD_ADDR_HI, "ADDR_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_WORDS, "WORDS", 0, GENMASK(9, 0)),
	MDK_REG_WO(CARD_START, "START", BIT(0), .written = card_start),
	MDK_REG_RO(CARD_SUM, "SUM", 0),
	MDK_REG_W1C(CARD_STATUS, "STATUS", CARD_DONE | CARD_FAILED),
};

static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, card_regs) };

static int card_init(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, card_work);
	return state->work ? 0 : -ENOMEM;
}

static void card_reset(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);

	state->busy = false;
}

static const struct mdk_ops card_ops = { .init = card_init, .reset = card_reset };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide memory", .cost = 1) };

static const struct mdk_model guide_memory = {
	.name = "guide_memory",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_TYPES(card_types),
	.budget = 4,
	.ops = &card_ops,
	.pin_pages = 4,
};
module_mdk_driver(guide_memory);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/memory-and-rings.md, pins");
