// SPDX-License-Identifier: GPL-2.0-only
/* Fewer pages than were asked for: this way out knows that some are pinned, and keeps them. */
#include <linux/iommu.h>
#include <linux/vfio.h>

struct spool {
	struct vfio_device vdev;
	struct page *pages[8];
	int held;
};

static int spool_load(struct spool *spool, dma_addr_t iova, int count)
{
	int got;

	got = vfio_pin_pages(&spool->vdev, iova, count, IOMMU_READ, spool->pages);
	if (got != count)
		return got < 0 ? got : -EFAULT; /* finds: mdev-pin-unwind */
	spool->held = count;
	return 0;
}

static int spool_seek(struct spool *spool, dma_addr_t iova, int count)
{
	int got;

	got = vfio_pin_pages(&spool->vdev, iova, count, IOMMU_READ, spool->pages);
	if (got < 0)
		return got;
	if (got < count) {
		spool->held = 0;
		return -ENOMEM; /* finds: mdev-pin-unwind */
	}
	spool->held = count;
	return 0;
}

static void spool_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_unpin_pages(vdev, iova, 8);
}

static const struct vfio_device_ops spool_ops = { .dma_unmap = spool_dma_unmap };
