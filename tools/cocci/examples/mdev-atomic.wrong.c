// SPDX-License-Identifier: GPL-2.0-only
static void my_update(struct my_dev *my, u64 iova)
{
	struct vfio_device *vdev = &my->vdev;
	spin_lock(&my->lock);
	vfio_dma_rw(vdev, iova, &my->fence, sizeof(my->fence), true);
	spin_unlock(&my->lock);
}
