// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <mdk/mdk.h>

#define VS_SRC_LO 0x00
#define VS_SRC_HI 0x04
#define VS_DST_LO 0x08
#define VS_DST_HI 0x0c
#define VS_START  0x10
#define VS_STATUS 0x14

#define VS_BYTES 4096
#define VS_OK    1
#define VS_FAULT 2

struct vs_state {
	u8 line[64];
	u32 copies;
};

static u64 vs_addr(struct mdk_dev *dev, u32 lo)
{
	return (u64)mdk_reg_get(dev, 0, lo + 4) << 32 | mdk_reg_get(dev, 0, lo);
}

static int vs_move(struct vs_state *state, struct mdk_pinned *src, struct mdk_pinned *dst)
{
	u64 at;
	int ret = 0;

	for (at = 0; at < VS_BYTES && !ret; at += sizeof(state->line)) {
		ret = mdk_pinned_read(src, at, state->line, sizeof(state->line));
		if (!ret)
			ret = mdk_pinned_write(dst, at, state->line, sizeof(state->line));
	}
	return ret;
}

static int vs_copy(struct mdk_dev *dev)
{
	struct mdk_pinned *src, *dst;
	int ret;

	src = mdk_pin(dev, vs_addr(dev, VS_SRC_LO), VS_BYTES, MDK_TO_DEVICE);
	if (IS_ERR(src))
		return PTR_ERR(src);
	dst = mdk_pin(dev, vs_addr(dev, VS_DST_LO), VS_BYTES, MDK_FROM_DEVICE);
	if (IS_ERR(dst)) {
		mdk_unpin(src);
		return PTR_ERR(dst);
	}
	ret = vs_move(mdk_state(dev), src, dst);
	mdk_unpin(dst);
	mdk_unpin(src);
	return ret;
}

static void vs_start(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct vs_state *state = mdk_state(dev);

	if (vs_copy(dev)) {
		mdk_reg_set_bits(dev, 0, VS_STATUS, VS_FAULT);
	} else {
		state->copies++;
		mdk_reg_set_bits(dev, 0, VS_STATUS, VS_OK);
	}
	mdk_irq_trigger(dev, MDK_IRQ_MSI, 0);
}

static void vs_reset(struct mdk_dev *dev)
{
	struct vs_state *state = mdk_state(dev);

	memset(state, 0, sizeof(*state));
}

static const struct mdk_reg vs_regs[] = {
	MDK_REG_RW(VS_SRC_LO, "SRC_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(VS_SRC_HI, "SRC_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(VS_DST_LO, "DST_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(VS_DST_HI, "DST_HI", 0, GENMASK(31, 0)),
	MDK_REG_WO(VS_START, "START", BIT(0), .written = vs_start),
	MDK_REG_W1C(VS_STATUS, "STATUS", VS_OK | VS_FAULT),
};

static const struct mdk_irq vs_irqs[] = { MDK_MSI(1) };

static const struct mdk_ops vs_ops = { .reset = vs_reset };
