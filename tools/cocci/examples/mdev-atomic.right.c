// SPDX-License-Identifier: GPL-2.0-only
static int my_update(struct my_dev *my, u64 iova)
{
	u64 fence;

	spin_lock(&my->lock);
	fence = my->fence;
	spin_unlock(&my->lock);
	return vfio_dma_rw(&my->vdev, iova, &fence, sizeof(fence), true);
}
