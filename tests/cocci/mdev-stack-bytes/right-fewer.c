// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/slab.h>
#include <mdk/mdk.h>

#define LGR_MAX 64

struct lgr_entry {
	__le32 code;
	__le32 arg;
};

struct lgr_state {
	struct lgr_entry log[LGR_MAX];
	u32 nr;
};

static u32 lgr_collect(const struct lgr_state *state, struct lgr_entry *to, u32 room)
{
	u32 n = min(room, state->nr), i;

	for (i = 0; i < n; i++)
		to[i] = state->log[i];
	return n;
}

static int lgr_send(struct mdk_dev *dev, u64 addr, u32 room)
{
	struct lgr_entry *entries;
	u32 n;
	int ret;

	if (!room || room > LGR_MAX)
		return -EINVAL;
	entries = kmalloc_array(room, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	n = lgr_collect(mdk_state(dev), entries, room);
	ret = n ? mdk_dma_write(dev, addr, entries, n * sizeof(*entries)) : 0;
	kfree(entries);
	return ret;
}

static void lgr_addr_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	lgr_send(dev, (u64)value << 12, mdk_reg_get(dev, 0, 0x08));
}

static const struct mdk_reg lgr_regs[] = {
	MDK_REG_RW(0x04, "ADDR", GENMASK(31, 0), .written = lgr_addr_written),
	MDK_REG_RW(0x08, "ROOM", GENMASK(7, 0)),
};
