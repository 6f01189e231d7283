// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void poke(struct mdk_dev *dev, u64 iova, u32 *word)
{
	/* mdev-sdk: allow mdk-result-ignored: */ /* finds: mdk-allow-reason */
	mdk_dma_write(dev, iova, word, 4); /* finds: mdk-result-ignored */
}
