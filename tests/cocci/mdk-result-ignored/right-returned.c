// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int load_all(struct mdk_dev *dev, u64 iova, u64 *table, size_t len, unsigned int count)
{
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++)
		ret = mdk_dma_read(dev, iova + i * len, table, len);
	return ret;
}

static void *scratch_of(struct mdk_dev *dev, enum mdk_scope scope)
{
	return mdk_zalloc(dev, scope, SZ_4K);
}

static void log_failure(struct mdk_dev *dev, u64 iova, u32 *word)
{
	int ret = mdk_dma_read(dev, iova, word, sizeof(*word));

	WARN_ON(ret);
}
