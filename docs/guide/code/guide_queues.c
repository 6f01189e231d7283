// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/memory-and-rings.md: queues that a guest makes, and some that it selects. */
#include <mdk/mdk.h>

/* The ring of commands */
#define CARD_BASE 0x00
#define CARD_SIZE 0x04		/* bits 15 to 0: descriptors, bit 31: the ring runs */
#define CARD_TAIL 0x08
/* Queues of work, 8 bytes each */
#define CARD_WORK_TAIL 0x20
#define CARD_WORK_HEAD 0x24
/* Events, whose registers are those of the one that QUEUE says */
#define CARD_QUEUE 0x60
#define CARD_EVENT_BASE 0x64
#define CARD_EVENT_SIZE 0x68
#define CARD_EVENT_TAIL 0x6c

#define CARD_ON BIT(31)
#define CARD_QUEUES 4

enum card_ring { CARD_COMMANDS, CARD_WORK, CARD_EVENTS };

struct card_command {
	__le64 base;
	__le32 size;		/* 0: the queue ends */
	__le16 queue;
	__le16 status;		/* written back: bit 15, and an errno */
};

static int card_queue_start(struct mdk_dev *dev, const struct card_command *command)
{
	struct mdk_ring *ring = mdk_ring_at(dev, CARD_WORK, le16_to_cpu(command->queue));

	if (!ring)
		return -EINVAL;
	return mdk_ring_start(ring, le64_to_cpu(command->base), le32_to_cpu(command->size));
}

static int card_queue_stop(struct mdk_dev *dev, const struct card_command *command)
{
	struct mdk_ring *ring = mdk_ring_at(dev, CARD_WORK, le16_to_cpu(command->queue));

	if (!ring)
		return -EINVAL;
	mdk_ring_stop(ring);
	return 0;
}

static int card_command(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct card_command *command = job->desc;
	int ret = command->size ? card_queue_start(dev, command) : card_queue_stop(dev, command);

	if (ret == -EAGAIN)
		return ret;
	command->status = cpu_to_le16(BIT(15) | -ret);
	return 0;
}

/* What a queue holds is done as soon as it is fetched. */
static int card_nothing(struct mdk_dev *dev, const struct mdk_job *job)
{
	return 0;
}

#define CARD_DESCS .max = 64, .desc_size = 16, .status = 12

static const struct mdk_ring_row card_rings[] = {
	[CARD_COMMANDS] =
		MDK_RING("commands", .base = MDK_AT(0, CARD_BASE), .size = MDK_AT(0, CARD_SIZE),
			 .size_bits = GENMASK(15, 0), .control = MDK_AT(0, CARD_SIZE),
			 .enable = CARD_ON, .tail = MDK_AT(0, CARD_TAIL), CARD_DESCS,
			 .work = card_command),
	[CARD_WORK] =
		MDK_RING("work", .driver_starts = true, .tail = MDK_AT(0, CARD_WORK_TAIL),
			 .head = MDK_AT(0, CARD_WORK_HEAD), .count = CARD_QUEUES, .stride = 8,
			 CARD_DESCS, .work = card_nothing),
	[CARD_EVENTS] =
		MDK_RING("events", .select = MDK_AT(0, CARD_QUEUE), .count = CARD_QUEUES,
			 .base = MDK_AT(0, CARD_EVENT_BASE), .size = MDK_AT(0, CARD_EVENT_SIZE),
			 .tail = MDK_AT(0, CARD_EVENT_TAIL), CARD_DESCS, .work = card_nothing),
};

static const struct mdk_reg card_regs[] = {
	MDK_REG_RW(CARD_BASE, "BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_SIZE, "SIZE", 0, CARD_ON | GENMASK(15, 0)),
	MDK_REG_WO(CARD_TAIL, "TAIL", ~0U),
	MDK_REG_WO(CARD_WORK_TAIL, "WORK_TAIL", ~0U, .count = CARD_QUEUES, .stride = 8),
	MDK_REG_RO(CARD_WORK_HEAD, "WORK_HEAD", 0, .count = CARD_QUEUES, .stride = 8),
	MDK_REG_RW(CARD_QUEUE, "QUEUE", 0, GENMASK(15, 0)),
	MDK_REG_RW(CARD_EVENT_BASE, "EVENT_BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(CARD_EVENT_SIZE, "EVENT_SIZE", 0, GENMASK(15, 0)),
	MDK_REG_WO(CARD_EVENT_TAIL, "EVENT_TAIL", ~0U),
};

static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_4K, card_regs) };
static const struct mdk_type card_types[] = { MDK_TYPE("1", "guide queues", .cost = 1) };

static const struct mdk_model guide_queues = {
	.name = "guide_queues",
	.pci = MDK_PCI(0x1af4, 0x10f0, 0x0880),
	MDK_REGIONS(card_regions),
	MDK_RINGS(card_rings),
	MDK_TYPES(card_types),
	.budget = 4,
};
module_mdk_driver(guide_queues);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/memory-and-rings.md, queues");
