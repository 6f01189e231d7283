// SPDX-License-Identifier: GPL-2.0-only
/* A job is read by vfio_dma_rw(), a table where it is pinned. */
static u32 my_read(struct my_device *my, u32 at, u8 *to, u32 len)
{
	u32 part = min(len, my->bytes - at);
	void *page = kmap_local_page(my->pages[at >> PAGE_SHIFT]);

	memcpy(to, page + offset_in_page(at), part);
	kunmap_local(page);
	return part;
}

static int my_pin(struct vfio_device *vdev, struct my_device *my)
{
	return vfio_pin_pages(vdev, my->iova, my->nr_pages, IOMMU_READ, my->pages);
}
