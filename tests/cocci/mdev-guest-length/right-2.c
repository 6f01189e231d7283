// SPDX-License-Identifier: GPL-2.0-only
/* What a guest writes, judged. */
#include <mdk/mdk.h>

#define FORGE_LENGTH 0x00
#define FORGE_START 0x04
#define FORGE_PLATE 512

struct forge_desc {
	__le64 addr;
	__le32 len;
	__le32 flags;
};

struct forge_command {
	__le32 op;
	__le16 bytes;
	__le16 unused;
	__le64 addr;
};

struct forge_state {
	u8 plate[FORGE_PLATE];
	u8 whole[65536];
	u32 length;
};

static int forge_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct forge_state *state = mdk_state(dev);
	const struct forge_desc *desc = job->desc;
	u32 len = le32_to_cpu(desc->len);

	if (len > FORGE_PLATE)
		return -EINVAL;
	return mdk_ring_read(job->ring, le64_to_cpu(desc->addr), state->plate, len);
}

static bool forge_is_good(const struct forge_desc *desc, size_t room)
{
	return le32_to_cpu(desc->len) && le32_to_cpu(desc->len) <= room;
}

static int forge_grind(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct forge_state *state = mdk_state(dev);
	struct forge_desc *desc = job->desc;

	if (!forge_is_good(desc, sizeof(state->plate)))
		return 0;
	return mdk_dma_read(dev, le64_to_cpu(desc->addr), state->plate, le32_to_cpu(desc->len));
}

/* No 16 bit number is more. */
static int forge_run(struct mdk_dev *dev, u64 iova)
{
	struct forge_state *state = mdk_state(dev);
	struct forge_command command;
	int ret;

	ret = mdk_dma_read(dev, iova, &command, sizeof(command));
	if (ret)
		return ret;
	return mdk_dma_write(dev, le64_to_cpu(command.addr), state->whole, le16_to_cpu(command.bytes));
}

static void forge_started(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct forge_state *state = mdk_state(dev);
	u32 length = mdk_reg_get(dev, 0, FORGE_LENGTH);

	if (mdk_dma_read(dev, 0x1000, state->whole, length))
		return;
	memset(state->plate, 0, value * 2);
}

static void forge_length_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct forge_state *state = mdk_state(dev);

	state->length = min(value, (u32)FORGE_PLATE);
}

static void forge_emptied(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct forge_state *state = mdk_state(dev);

	memset(state->plate, 0, state->length);
}

static const struct mdk_reg forge_regs[] = {
	MDK_REG_RW(FORGE_LENGTH, "LENGTH", 0, GENMASK(15, 0), .written = forge_length_written),
	MDK_REG_WO(FORGE_START, "START", GENMASK(7, 0), .written = forge_started),
	MDK_REG_WO(0x08, "EMPTY", BIT(0), .written = forge_emptied),
};
