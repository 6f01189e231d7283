// SPDX-License-Identifier: GPL-2.0-only
static int my_update(struct my_dev *my, u64 iova)
{
	struct vfio_device *vdev = &my->vdev;
	u64 fence;

	spin_lock(&my->lock);
	fence = my->fence;
	spin_unlock(&my->lock);
	return vfio_dma_rw(vdev, iova, &fence, sizeof(fence), true);
}
