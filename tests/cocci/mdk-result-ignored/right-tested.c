// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int load_table(struct mdk_dev *dev, u64 iova, u64 *table, size_t len)
{
	int ret;

	if (mdk_dma_read(dev, iova, table, len))
		return -EFAULT;
	ret = mdk_dma_read(dev, iova + len, table, len);
	return ret;
}
