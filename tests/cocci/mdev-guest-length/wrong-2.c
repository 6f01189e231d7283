// SPDX-License-Identifier: GPL-2.0-only
/* Lengths that a guest writes into descriptors, commands and registers. */
#include <mdk/mdk.h>

#define MILL_LENGTH 0x00
#define MILL_START 0x04
#define MILL_SACK 512

struct mill_desc {
	__le64 addr;
	__le32 len;
	__le32 flags;
};

struct mill_command {
	__le32 op;
	__le16 bytes;
	__le16 unused;
	__le64 addr;
};

struct mill_state {
	u8 sack[MILL_SACK];
	u32 length;
	u8 *store;
};

static int mill_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct mill_state *state = mdk_state(dev);
	const struct mill_desc *desc = job->desc;

	return mdk_ring_read(job->ring, le64_to_cpu(desc->addr), state->sack, /* finds: mdev-guest-length */
			     le32_to_cpu(desc->len));
}

static u32 mill_bytes(const struct mill_desc *desc)
{
	return le32_to_cpu(desc->len);
}

/* The number by a local, and half a test. */
static int mill_grind(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct mill_state *state = mdk_state(dev);
	struct mill_desc *desc = job->desc;
	u32 len = le32_to_cpu(desc->len);

	if (len < 16)
		return 0;
	return mdk_dma_read(dev, le64_to_cpu(desc->addr), state->sack, len); /* finds: mdev-guest-length */
}

static int mill_take(struct mdk_dev *dev, struct mill_state *state, u64 addr, u32 bytes)
{
	return mdk_dma_write(dev, addr, state->sack, bytes); /* finds: mdev-guest-length */
}

static int mill_run(struct mdk_dev *dev, u64 iova)
{
	struct mill_state *state = mdk_state(dev);
	struct mill_command command;
	int ret;

	ret = mdk_dma_read(dev, iova, &command, sizeof(command));
	if (ret)
		return ret;
	if (le32_to_cpu(command.op) > 4)
		return -EINVAL;
	return mill_take(dev, state, le64_to_cpu(command.addr), le16_to_cpu(command.bytes));
}

/* A register's value. */
static void mill_started(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct mill_state *state = mdk_state(dev);
	u32 length = mdk_reg_get(dev, 0, MILL_LENGTH);

	if (mdk_dma_read(dev, 0x1000, state->sack, length)) /* finds: mdev-guest-length */
		return;
	memset(state->sack, 0, value * 64); /* finds: mdev-guest-length */
}

/* One register keeps it, the other uses it. */
static void mill_length_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct mill_state *state = mdk_state(dev);

	state->length = value;
}

static void mill_emptied(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct mill_state *state = mdk_state(dev);

	memset(state->sack, 0, state->length); /* finds: mdev-guest-length */
}

static const struct mdk_reg mill_regs[] = {
	MDK_REG_RW(MILL_LENGTH, "LENGTH", 0, GENMASK(15, 0), .written = mill_length_written),
	MDK_REG_WO(MILL_START, "START", GENMASK(7, 0), .written = mill_started),
	MDK_REG_WO(0x08, "EMPTY", BIT(0), .written = mill_emptied),
};
