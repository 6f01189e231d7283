// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void poke(struct mdk_dev *dev, u64 iova, u32 *word)
{
	/* mdev-sdk: allow mdk-result-ignored: a lost heartbeat is made up by the next one */
	mdk_dma_write(dev, iova, word, 4);
}
