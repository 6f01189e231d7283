// SPDX-License-Identifier: GPL-2.0-only
/* What was pinned of too few pages is given back, where there is any; one page is there or not. */
#include <linux/iommu.h>
#include <linux/vfio.h>

struct reel {
	struct vfio_device vdev;
	struct page *pages[8];
	int held;
};

static int reel_load(struct reel *reel, dma_addr_t iova, int count)
{
	int got;

	got = vfio_pin_pages(&reel->vdev, iova, count, IOMMU_READ, reel->pages);
	if (got < 0)
		return got;
	if (got != count) {
		if (got)
			vfio_unpin_pages(&reel->vdev, iova, got);
		return -EFAULT;
	}
	reel->held = count;
	return 0;
}

static int reel_seek(struct reel *reel, dma_addr_t iova, int count)
{
	int got;

	got = vfio_pin_pages(&reel->vdev, iova, count, IOMMU_READ, reel->pages);
	if (got != count) {
		if (got > 0)
			vfio_unpin_pages(&reel->vdev, iova, got);
		return got < 0 ? got : -EFAULT;
	}
	reel->held = count;
	return 0;
}

static int reel_mark(struct reel *reel, dma_addr_t iova)
{
	int got;

	got = vfio_pin_pages(&reel->vdev, iova, 1, IOMMU_READ, reel->pages);
	if (got != 1)
		return got < 0 ? got : -EFAULT;
	reel->held = 1;
	return 0;
}

static void reel_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_unpin_pages(vdev, iova, 8);
}

static const struct vfio_device_ops reel_ops = { .dma_unmap = reel_dma_unmap };
