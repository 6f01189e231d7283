// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/registers.md: a register of each kind, side effects, and a region of callbacks. */
#include <mdk/mdk.h>

#define CARD_ID 0x00
#define CARD_CONTROL 0x04
#define CARD_STATUS 0x08
#define CARD_ERRORS 0x0c
#define CARD_START 0x10
#define CARD_STARTED 0x14
#define CARD_RESERVED 0x18
#define CARD_RESET 0x1c
#define CARD_STARTS 0x20
#define CARD_REQUESTS 0x28
#define CARD_QUEUE 0x40

#define CARD_FIFO 16

struct card_state {
	u32 started;
	u8 fifo[CARD_FIFO];
	u8 count;
};

static void card_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct card_state *state = mdk_state(dev);

	state->started++;
	mdk_counter_add(dev, MDK_AT(0, CARD_STARTS), 1);
	mdk_stat_add(dev, MDK_AT(3, 0), 1);
	mdk_reg_set_bits(dev, 0, CARD_STATUS, BIT(0));
}

/* One of eight. A queue of length 0 is off. */
static void card_queue(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index, u32 value)
{
	mdk_reg_update(dev, MDK_AT(0, CARD_STATUS), BIT(2), value ? BIT(2) : 0);
}

static u32 card_started(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct card_state *state = mdk_state(dev);

	return state->started;
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_RO(CARD_ID, "ID", 0x010000ed),
	MDK_REG_RW(CARD_CONTROL, "CONTROL", BIT(0), GENMASK(7, 0)),
	MDK_REG_W1C(CARD_STATUS, "STATUS", GENMASK(3, 0)),
	MDK_REG_W1S(CARD_REQUESTS, "REQUESTS", GENMASK(3, 0)),
	MDK_REG_RC(CARD_ERRORS, "ERRORS", GENMASK(15, 0)),
	MDK_REG_WO(CARD_START, "START", BIT(0), .written = card_start),
	MDK_REG_RO(CARD_STARTED, "STARTED", 0, .read = card_started),
	MDK_REG_RSVD(CARD_RESERVED, "RESERVED"),
	MDK_REG_WO(CARD_RESET, "RESET", BIT(0), .resets = BIT(0)),
	MDK_REG_COUNTER64(CARD_STARTS, "STARTS"),
	MDK_REG_RW(CARD_QUEUE, "QUEUE", 0, GENMASK(15, 0), .count = 8, .stride = 0x10,
		   .written_at = card_queue),
};

/* A byte that is read is gone: state of the device, no register. */
static u64 card_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct card_state *state = mdk_state(dev);

	return state->count ? state->fifo[--state->count] : 0xff;
}

static void card_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		       unsigned int width, u64 value)
{
	struct card_state *state = mdk_state(dev);

	if (state->count < CARD_FIFO)
		state->fifo[state->count++] = value;
}

static const struct mdk_region_ops card_port = { .read = card_read, .write = card_write };

static const struct mdk_region card_regions[] = {
	MDK_BAR_REGS(0, "registers", SZ_4K, card_regs, .valid = { .min = 4, .max = 4 }),
	MDK_BAR_CALLBACK(1, "port", SZ_16, &card_port, .flags = MDK_IO,
			 .impl = { .min = 1, .max = 1 }),
	MDK_BAR_MEM(2, "memory", SZ_64K, MDK_MMAP | MDK_PREFETCH),
	MDK_BAR_STATS(3, "statistics", SZ_4K),
};

static void card_reset(struct mdk_dev *dev)
{
	*(struct card_state *)mdk_state(dev) = (struct card_state){ 0 };
}

static const struct mdk_ops card_ops = { .reset = card_reset };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide registers", .cost = 1) };

static const struct mdk_model guide_registers = {
	.name = "guide_registers",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_TYPES(card_types),
	.budget = 4,
	.ops = &card_ops,
};
module_mdk_driver(guide_registers);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/registers.md");
