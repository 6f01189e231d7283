// SPDX-License-Identifier: GPL-2.0-only
/*
 * docs/guide/memory-and-rings.md: work in one ring, completions in another one. A guest asks for
 * sums of its memory, many at once, and finds each result by the number that it gave it.
 */
#include <mdk/mdk.h>

#define CARD_SQ 0x00		/* work: four registers from here on */
#define CARD_CQ 0x10		/* completions: three */
#define CARD_BASE 0x00
#define CARD_SIZE 0x04
#define CARD_HEAD 0x08
#define CARD_TAIL 0x0c
#define CARD_STATE 0x20
#define CARD_ISR 0x24
#define CARD_MASK 0x28

#define CARD_COMPLETED BIT(0)
#define CARD_BROKEN BIT(1)
#define CARD_BYTES 64
#define CARD_PHASE 127		/* bit 31 of the entry's last word */

struct card_work {
	__le64 addr;
	__le32 len;
	__le32 number;
};

struct card_completion {
	__le32 number;
	__le32 sum;
	__le32 bad;
	__le32 phase;
};

static int card_sum(struct mdk_dev *dev, const struct mdk_job *job)
{
	const struct card_work *work = job->desc;
	struct card_completion *completion = job->entry;
	u32 len = min_t(u32, le32_to_cpu(work->len), CARD_BYTES), sum = 0, i;
	u8 bytes[CARD_BYTES];
	int ret = mdk_ring_read(job->ring, le64_to_cpu(work->addr), bytes, len);

	if (ret == -EAGAIN)
		return ret;
	for (i = 0; i < len && !ret; i++)
		sum += bytes[i];
	completion->number = work->number;
	completion->sum = cpu_to_le32(sum);
	completion->bad = cpu_to_le32(!!ret);
	return 0;
}

#define CARD_RING(_at)                                                                             \
	.base = MDK_AT(0, (_at) + CARD_BASE), .size = MDK_AT(0, (_at) + CARD_SIZE),                \
	.head = MDK_AT(0, (_at) + CARD_HEAD), .state = MDK_AT(0, CARD_STATE), .max = 256,          \
	.raises_broken = CARD_BROKEN

static const struct mdk_ring_row card_rings[] = {
	MDK_RING("sq", CARD_RING(CARD_SQ), .tail = MDK_AT(0, CARD_SQ + CARD_TAIL), .running = BIT(0),
		 .desc_size = sizeof(struct card_work), .dir = MDK_TO_DEVICE, .buffer_pages = 16,
		 .work = card_sum, .to = "cq"),
	MDK_COMPLETIONS("cq", CARD_PHASE, CARD_RING(CARD_CQ), .running = BIT(1),
			.desc_size = sizeof(struct card_completion), .raises = CARD_COMPLETED),
};

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_SQ + CARD_BASE, "SQ_BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_SQ + CARD_SIZE, "SQ_SIZE", 0, GENMASK(8, 0)),
	MDK_REG_RO(CARD_SQ + CARD_HEAD, "SQ_HEAD", 0),
	MDK_REG_RW(CARD_SQ + CARD_TAIL, "SQ_TAIL", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_CQ + CARD_BASE, "CQ_BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_CQ + CARD_SIZE, "CQ_SIZE", 0, GENMASK(8, 0)),
	MDK_REG_WO(CARD_CQ + CARD_HEAD, "CQ_HEAD", GENMASK(31, 0)),
	MDK_REG_RO(CARD_STATE, "STATE", 0,
		   MDK_REG_BITS(MDK_BIT(0, "SQ_RUNS"), MDK_BIT(1, "CQ_RUNS"))),
	MDK_REG_W1C(CARD_ISR, "ISR", CARD_COMPLETED | CARD_BROKEN),
	MDK_REG_RW(CARD_MASK, "MASK", 0, CARD_COMPLETED | CARD_BROKEN),
};

/* A guest reads all completions that are there, and unmasks the first. */
static const struct mdk_cause card_causes[] = {
	MDK_CAUSE(0, CARD_ISR, 0, .mask = CARD_MASK, .polarity = MDK_ONE_MASKS, .auto_mask = true),
	MDK_CAUSE(0, CARD_ISR, 1, .mask = CARD_MASK, .polarity = MDK_ONE_MASKS),
};

static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, card_regs) };
static const struct mdk_irq card_irqs[] = { MDK_MSI(1) };
static const struct mdk_cap card_caps[] = { MDK_CAP_MSI() };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide completions", .cost = 1) };

static const struct mdk_model guide_completions = {
	.name = "guide_completions",
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_CAUSES(card_causes),
	MDK_RINGS(card_rings),
	MDK_TYPES(card_types),
	.budget = 4,
};
module_mdk_driver(guide_completions);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/memory-and-rings.md, completions");
