// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

#define MV_BASE 0x00
#define MV_SIZE 0x04
#define MV_STAT 0x08

#define HW_ADDR 0x100
#define HW_LEN  0x108
#define HW_GO   0x10c

struct mv_state {
	struct mutex lock;
	struct mdk_pinned *pinned;
	bool running;
};

static void mv_hw_start(struct mdk_dev *dev, struct sg_table *sgt)
{
	void __iomem *regs = mdk_parent_data(dev);

	writeq(sg_dma_address(sgt->sgl), regs + HW_ADDR);
	writel(sg_dma_len(sgt->sgl), regs + HW_LEN);
	writel(1, regs + HW_GO);
}

static void mv_hw_stop(struct mdk_dev *dev)
{
	void __iomem *regs = mdk_parent_data(dev);

	writel(0, regs + HW_GO);
	readl(regs + HW_GO);
}

static int mv_go(struct mdk_dev *dev, u64 base, u32 size)
{
	struct mv_state *state = mdk_state(dev);
	struct mdk_pinned *pinned;
	struct sg_table *sgt;
	int ret = 0;

	mutex_lock(&state->lock);
	if (state->running) {
		ret = -EBUSY;
		goto out;
	}
	pinned = mdk_pin(dev, base, size, MDK_FROM_DEVICE); /* finds: lock */
	if (IS_ERR(pinned)) {
		ret = PTR_ERR(pinned);
		goto out;
	}
	sgt = mdk_pinned_sgt(pinned);
	if (IS_ERR(sgt)) {
		mdk_unpin(pinned);
		ret = PTR_ERR(sgt);
		goto out;
	}
	state->pinned = pinned;
	state->running = true;
	mv_hw_start(dev, sgt);
out:
	mutex_unlock(&state->lock);
	return ret;
}

static void mv_size(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	u64 base = (u64)mdk_reg_get(dev, 0, MV_BASE) << 12;

	if (value && mv_go(dev, base, value))
		mdk_reg_set_bits(dev, 0, MV_STAT, BIT(0));
}

static void mv_stop(struct mdk_dev *dev)
{
	struct mv_state *state = mdk_state(dev);
	struct mdk_pinned *pinned;

	mutex_lock(&state->lock); /* finds: lock */
	if (state->running)
		mv_hw_stop(dev);
	state->running = false;
	pinned = state->pinned;
	state->pinned = NULL;
	mutex_unlock(&state->lock);
	mdk_unpin(pinned);
}

static int mv_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	mv_stop(dev); /* finds: lock */
	return 0;
}

static int mv_init(struct mdk_dev *dev)
{
	struct mv_state *state = mdk_state(dev);

	mutex_init(&state->lock);
	return 0;
}

static const struct mdk_reg mv_regs[] = {
	MDK_REG_RW(MV_BASE, "BASE", 0, GENMASK(31, 0)),
	MDK_REG_WO(MV_SIZE, "SIZE", GENMASK(15, 0), .written = mv_size),
	MDK_REG_W1C(MV_STAT, "STAT", BIT(0)),
};

static const struct mdk_ops mv_ops = {
	.init = mv_init,
	.reset = mv_stop,
	.quiesce = mv_quiesce,
};
