// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void beat(struct mdk_dev *dev, u64 iova, u32 *count)
{
	/* mdev-sdk: allow mdk-result-ignored: the next beat, a second later, makes up for it */
	mdk_dma_write(dev, iova, count, sizeof(*count));
}
