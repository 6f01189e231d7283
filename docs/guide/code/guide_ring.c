// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/memory-and-rings.md: a guest gives buffers in a ring, the device fills them. */
#include <linux/random.h>

#include <mdk/mdk.h>

#define CARD_BASE 0x00
#define CARD_SIZE 0x04
#define CARD_TAIL 0x08
#define CARD_HEAD 0x0c
#define CARD_STATUS 0x10
#define CARD_ISR 0x14

#define CARD_RUNS BIT(0)
#define CARD_BROKEN BIT(1)
#define CARD_FILLED BIT(0)

#define CARD_DONE BIT(0)
#define CARD_BAD BIT(1)
#define CARD_BYTES 64

struct card_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

/* One descriptor. */
static int card_fill(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct card_desc *desc = job->desc;
	u8 bytes[CARD_BYTES];
	int ret;

	get_random_bytes(bytes, sizeof(bytes));
	ret = mdk_ring_write(job->ring, le64_to_cpu(desc->addr), bytes,
			     min_t(u32, le32_to_cpu(desc->len), sizeof(bytes)));
	if (ret == -EAGAIN)
		return ret;
	desc->status = cpu_to_le32(ret ? CARD_DONE | CARD_BAD : CARD_DONE);
	return 0;
}

static const struct mdk_ring_row card_rings[] = {
	MDK_RING("random", .base = MDK_AT(0, CARD_BASE), .size = MDK_AT(0, CARD_SIZE),
		 .tail = MDK_AT(0, CARD_TAIL), .head = MDK_AT(0, CARD_HEAD),
		 .state = MDK_AT(0, CARD_STATUS), .running = CARD_RUNS, .broken = CARD_BROKEN,
		 .max = 256, .desc_size = sizeof(struct card_desc),
		 .status = offsetof(struct card_desc, status), .dir = MDK_FROM_DEVICE,
		 .buffer_pages = 16, .work = card_fill, .raises = CARD_FILLED),
};

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_BASE, "BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_SIZE, "SIZE", 0, GENMASK(8, 0)),
	MDK_REG_RW(CARD_TAIL, "TAIL", 0, GENMASK(31, 0)),
	MDK_REG_RO(CARD_HEAD, "HEAD", 0),
	MDK_REG_RO(CARD_STATUS, "STATUS", 0,
		   MDK_REG_BITS(MDK_BIT(0, "RUNS"), MDK_BIT(1, "BROKEN"))),
	MDK_REG_W1C(CARD_ISR, "ISR", CARD_FILLED),
};

static const struct mdk_cause card_causes[] = { MDK_CAUSE(0, CARD_ISR, 0) };
static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, card_regs) };
static const struct mdk_irq card_irqs[] = { MDK_MSI(1) };
static const struct mdk_cap card_caps[] = { MDK_CAP_MSI() };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide ring", .cost = 1) };

static const struct mdk_model guide_ring = {
	.name = "guide_ring",
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_CAUSES(card_causes),
	MDK_RINGS(card_rings),
	MDK_TYPES(card_types),
	.budget = 4,
};
module_mdk_driver(guide_ring);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/memory-and-rings.md, rings");
