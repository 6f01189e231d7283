// SPDX-License-Identifier: GPL-2.0-only
static void my_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct my_device *my = container_of(vdev, struct my_device, vdev);

	if (my->iova < iova + length && iova < my->iova + my->pages * PAGE_SIZE)
		vfio_unpin_pages(&my->vdev, my->iova, my->pages);
}

static const struct vfio_device_ops my_ops = { .dma_unmap = my_dma_unmap };
