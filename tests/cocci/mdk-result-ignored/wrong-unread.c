// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int load_table(struct mdk_dev *dev, u64 iova, u64 *table, size_t len)
{
	int ret;

	ret = mdk_dma_read(dev, iova, table, len); /* finds: mdk-result-ignored */
	return 0;
}

static void pin_it(struct mdk_dev *dev, u64 iova)
{
	struct mdk_pinned *pinned;

	pinned = mdk_pin(dev, iova, SZ_4K, MDK_DMA_TO_DEVICE); /* finds: mdk-result-ignored */
}
