// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void poke(struct mdk_dev *dev, u64 iova, u32 *word)
{
	mdk_dma_write(dev, iova, word, 4); /* mdev-sdk: allow mdk-result-ignored: a heartbeat */
}
