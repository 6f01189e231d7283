// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

#define TX_SIZE SZ_64K

struct tx_cmd {
	__le32 op;
	__le32 at;
	__le32 bytes;
	__le32 pad;
	__le64 from;
};

struct tx_state {
	u8 *memory;
};

static bool tx_room(u32 at, u32 bytes)
{
	return at + bytes <= TX_SIZE; /* finds: bounds */
}

static int tx_upload(struct mdk_dev *dev, const struct tx_cmd *cmd)
{
	struct tx_state *state = mdk_state(dev);
	u32 at = le32_to_cpu(cmd->at), bytes = le32_to_cpu(cmd->bytes);

	if (!tx_room(at, bytes))
		return -ERANGE;
	return mdk_dma_read(dev, le64_to_cpu(cmd->from), /* finds: bounds */
			    state->memory + at, bytes);
}

static int tx_one(struct mdk_dev *dev, u64 addr)
{
	struct tx_cmd cmd;
	int ret = mdk_dma_read(dev, addr, &cmd, sizeof(cmd));

	if (ret)
		return ret;
	return le32_to_cpu(cmd.op) == 1 ? tx_upload(dev, &cmd) : -EOPNOTSUPP;
}

static void tx_bell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	tx_one(dev, (u64)value << 12);
}

static const struct mdk_reg tx_regs[] = {
	MDK_REG_WO(0x10, "BELL", GENMASK(31, 0), .written = tx_bell),
};
