// SPDX-License-Identifier: GPL-2.0-only
/* A pin under the lock that quiesce, or reset, takes. */
#include <linux/cleanup.h>
#include <mdk/mdk.h>

struct loom {
	struct mutex lock, reset_lock;
	struct mdk_pinned *warp, *weft;
	u32 row;
};

static int loom_stop(struct loom *loom)
{
	mutex_lock(&loom->lock);
	loom->row = 0;
	mutex_unlock(&loom->lock);
	return 0;
}

static int loom_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	return loom_stop(mdk_state(dev));
}

static void loom_reset(struct mdk_dev *dev)
{
	struct loom *loom = mdk_state(dev);

	guard(mutex)(&loom->reset_lock);
	loom->row = 0;
}

static void loom_warp(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct loom *loom = mdk_state(dev);

	guard(mutex)(&loom->lock);
	loom->warp = mdk_pin(dev, value, 4096, MDK_TO_DEVICE); /* finds: mdev-lock-wait */
}

static struct mdk_pinned *loom_pin(struct mdk_dev *dev, u64 iova)
{
	return mdk_pin(dev, iova, 4096, MDK_TO_DEVICE);
}

static void loom_weft(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct loom *loom = mdk_state(dev);
	struct mutex *lock = &loom->reset_lock;

	mutex_lock(lock);
	loom->weft = loom_pin(dev, value); /* finds: mdev-lock-wait */
	mutex_unlock(lock);
}

static const struct mdk_ops loom_ops = { .quiesce = loom_quiesce, .reset = loom_reset };
