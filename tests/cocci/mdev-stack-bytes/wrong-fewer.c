// SPDX-License-Identifier: GPL-2.0-only
/* More sent than was filled. */
#include <linux/slab.h>
#include <mdk/mdk.h>

#define LG_MAX 64

struct lg_entry {
	__le32 code;
	__le32 arg;
};

struct lg_state {
	struct lg_entry log[LG_MAX];
	u32 nr;
};

static u32 lg_collect(const struct lg_state *state, struct lg_entry *to, u32 room)
{
	u32 n = min(room, state->nr), i;

	for (i = 0; i < n; i++)
		to[i] = state->log[i];
	return n;
}

static int lg_send(struct mdk_dev *dev, u64 addr, u32 room)
{
	struct lg_entry *entries;
	u32 n;
	int ret;

	if (!room || room > LG_MAX)
		return -EINVAL;
	entries = kmalloc_array(room, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	n = lg_collect(mdk_state(dev), entries, room);
	ret = n ? mdk_dma_write(dev, addr, entries, room * sizeof(*entries)) : 0; /* finds: mdev-stack-bytes */
	kfree(entries);
	return ret;
}

static void lg_addr_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	lg_send(dev, (u64)value << 12, mdk_reg_get(dev, 0, 0x08));
}

static const struct mdk_reg lg_regs[] = {
	MDK_REG_RW(0x04, "ADDR", GENMASK(31, 0), .written = lg_addr_written),
	MDK_REG_RW(0x08, "ROOM", GENMASK(7, 0)),
};
