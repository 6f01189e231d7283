// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct queue {
	struct mdk_pinned *ring;
	u32 head;
};

static int queue_start(struct mdk_dev *dev, struct queue *queue, u64 iova)
{
	int ret;

	queue->ring = mdk_pin(dev, iova, SZ_4K, MDK_DMA_TO_DEVICE);
	if (IS_ERR(queue->ring))
		return PTR_ERR(queue->ring);
	ret = mdk_pinned_read(queue->ring, 0, &queue->head, 4);
	if (ret)
		goto unpin;
	return 0;
unpin:
	mdk_unpin(queue->ring);
	return ret;
}
