// SPDX-License-Identifier: GPL-2.0-only
static int my_start(struct my_dev *my, dma_addr_t iova)
{
	int ret;

	ret = vfio_pin_pages(&my->vdev, iova, 2, IOMMU_READ, my->pages);
	if (ret == 2)
		return 0;
	if (ret > 0)
		vfio_unpin_pages(&my->vdev, iova, ret);
	return ret < 0 ? ret : -EFAULT;
}
