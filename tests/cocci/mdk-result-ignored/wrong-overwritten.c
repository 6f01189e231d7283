// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct queue {
	struct mdk_pinned *ring;
	u32 head;
};

static int queue_start(struct mdk_dev *dev, struct queue *queue, u64 iova)
{
	struct mdk_pinned *ring;
	int ret;

	ring = mdk_pin(dev, iova, SZ_4K, MDK_DMA_TO_DEVICE);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	ret = mdk_pinned_read(ring, 0, &queue->head, 4); /* finds: mdk-result-ignored */
	ret = mdk_pinned_read(ring, 4, &queue->head, 4);
	if (ret)
		goto unpin;
	queue->ring = ring;
	return 0;
unpin:
	mdk_unpin(ring);
	return ret;
}
