// SPDX-License-Identifier: GPL-2.0-only
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#define RB_PAGES 16

struct rb_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct page *pages[RB_PAGES];
	u64 iova;
	int nr;
};

static int rb_attach(struct rb_dev *rb, u64 iova)
{
	int ret = -EBUSY;

	mutex_lock(&rb->lock);
	if (rb->nr)
		goto out;
	ret = vfio_pin_pages(&rb->vdev, iova, RB_PAGES, IOMMU_READ | IOMMU_WRITE, rb->pages);
	if (ret == RB_PAGES) {
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

static void rb_detach(struct rb_dev *rb)
{
	if (rb->nr)
		vfio_unpin_pages(&rb->vdev, rb->iova, rb->nr);
	rb->nr = 0;
}

static void rb_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct rb_dev *rb = container_of(vdev, struct rb_dev, vdev);

	mutex_lock(&rb->lock);
	if (rb->iova < iova + length && iova < rb->iova + (u64)RB_PAGES * PAGE_SIZE)
		rb_detach(rb);
	mutex_unlock(&rb->lock);
}

static int rb_open(struct vfio_device *vdev)
{
	return rb_attach(container_of(vdev, struct rb_dev, vdev), 0x100000);
}

static void rb_close(struct vfio_device *vdev)
{
	struct rb_dev *rb = container_of(vdev, struct rb_dev, vdev);

	mutex_lock(&rb->lock);
	rb_detach(rb);
	mutex_unlock(&rb->lock);
}

static const struct vfio_device_ops rb_ops = {
	.open_device = rb_open, .close_device = rb_close, .dma_unmap = rb_dma_unmap, .name = "rb",
};
