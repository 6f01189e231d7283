// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void ring_doorbell(struct mdk_dev *dev, u64 iova)
{
	u32 head = 1;

	mdk_dma_write(dev, iova, &head, sizeof(head)); /* finds: mdk-result-ignored */
	(void)mdk_dma_read(dev, iova + 4, &head, sizeof(head)); /* finds: mdk-result-ignored */
}
