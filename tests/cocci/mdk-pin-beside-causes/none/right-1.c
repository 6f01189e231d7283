// SPDX-License-Identifier: GPL-2.0-only
/* A driver without causes drives its pin. */
#include <mdk/mdk.h>

static void wick_level(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_intx_set(dev, value > 7);
}

static void wick_work(struct mdk_dev *dev)
{
	mdk_intx_set(dev, true);
}

static const struct mdk_model wick_model = { .name = "wick" };
