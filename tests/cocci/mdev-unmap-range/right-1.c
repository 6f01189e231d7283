// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#define RBR_PAGES 16

struct rbr_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct page *pages[RBR_PAGES];
	u64 iova;
	int nr;
};

static int rbr_attach(struct rbr_dev *rb, u64 iova)
{
	int ret = -EBUSY;

	mutex_lock(&rb->lock);
	if (rb->nr)
		goto out;
	ret = vfio_pin_pages(&rb->vdev, iova, RBR_PAGES, IOMMU_READ | IOMMU_WRITE, rb->pages);
	if (ret == RBR_PAGES) {
		rb->iova = iova;
		rb->nr = ret;
		ret = 0;
	} else if (ret > 0) {
		vfio_unpin_pages(&rb->vdev, iova, ret);
		ret = -EFAULT;
	}
out:
	mutex_unlock(&rb->lock);
	return ret;
}

static void rbr_detach(struct rbr_dev *rb)
{
	if (rb->nr)
		vfio_unpin_pages(&rb->vdev, rb->iova, rb->nr);
	rb->nr = 0;
}

static void rbr_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct rbr_dev *rb = container_of(vdev, struct rbr_dev, vdev);

	mutex_lock(&rb->lock);
	if (rb->iova < iova + length && iova < rb->iova + (u64)RBR_PAGES * PAGE_SIZE)
		rbr_detach(rb);
	mutex_unlock(&rb->lock);
}

static int rbr_open(struct vfio_device *vdev)
{
	return rbr_attach(container_of(vdev, struct rbr_dev, vdev), 0x100000);
}

static void rbr_close(struct vfio_device *vdev)
{
	struct rbr_dev *rb = container_of(vdev, struct rbr_dev, vdev);

	mutex_lock(&rb->lock);
	rbr_detach(rb);
	mutex_unlock(&rb->lock);
}

static const struct vfio_device_ops rbr_ops = {
	.open_device = rbr_open, .close_device = rbr_close, .dma_unmap = rbr_dma_unmap, .name = "rb",
};
