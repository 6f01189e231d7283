// SPDX-License-Identifier: GPL-2.0-only
static int my_start(struct my_dev *my, dma_addr_t iova)
{
	return vfio_pin_pages(&my->vdev, iova, 1, IOMMU_READ, &my->page) == 1 ? 0 : -EFAULT;
}

static const struct vfio_device_ops my_ops = {
	.open_device = my_open,
	.close_device = my_close,
	.dma_unmap = my_dma_unmap,
};
