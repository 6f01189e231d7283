// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int head_of(struct mdk_dev *dev, u64 iova, u32 *head)
{
	return mdk_dma_read(dev, iova, head, sizeof(*head));
}
