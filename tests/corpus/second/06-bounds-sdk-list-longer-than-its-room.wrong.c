// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

#define PL_ADDR 0x00
#define PL_COUNT 0x08
#define PL_GO 0x0c
#define PL_ENTRIES 32
#define PL_MAX 64

struct pl_entry {
	__le64 addr;
	__le32 len;
	__le32 flags;
};

struct pl_state {
	struct pl_entry entries[PL_ENTRIES];
	u32 nr;
};

static int pl_load(struct mdk_dev *dev, struct pl_state *state)
{
	u64 addr = mdk_reg_get(dev, 0, PL_ADDR);
	u32 count = mdk_reg_get(dev, 0, PL_COUNT);
	u32 i;

	if (!count || count > PL_MAX) /* finds: bounds */
		return -EINVAL;
	for (i = 0; i < count; i++) {
		int ret = mdk_dma_read(dev, addr + i * sizeof(struct pl_entry),
				       &state->entries[i], /* finds: bounds */
				       sizeof(struct pl_entry));

		if (ret)
			return ret;
	}
	state->nr = count;
	return 0;
}

static void pl_go(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	if (value & BIT(0) && pl_load(dev, mdk_state(dev)))
		mdk_reg_set_bits(dev, 0, PL_GO, BIT(31));
}

static const struct mdk_reg pl_regs[] = {
	MDK_REG_RW(PL_ADDR, "ADDR", GENMASK(31, 0)),
	MDK_REG_RW(PL_COUNT, "COUNT", GENMASK(15, 0)),
	MDK_REG_RW(PL_GO, "GO", GENMASK(31, 0), .written = pl_go),
};
