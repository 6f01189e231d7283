// SPDX-License-Identifier: GPL-2.0-only
static int my_start(struct my_dev *my, dma_addr_t iova)
{
	int ret;

	ret = vfio_pin_pages(&my->vdev, iova, 2, IOMMU_READ, my->pages);
	if (ret)
		return ret;
	return 0;
}
