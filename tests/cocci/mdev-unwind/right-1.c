// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/iommu.h>
#include <linux/vfio.h>

#define SGR_MAX 8

struct sgr_part {
	u64 iova;
	struct page *page;
};

struct sgr_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct sgr_part parts[SGR_MAX];
};

static int sgr_pin_one(struct sgr_dev *sg, struct sgr_part *part, u64 iova)
{
	int ret = vfio_pin_pages(&sg->vdev, iova, 1, IOMMU_READ, &part->page);

	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	part->iova = iova;
	return 0;
}

static int sgr_pin_all(struct sgr_dev *sg, const u64 *iovas, int nr)
{
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = sgr_pin_one(sg, &sg->parts[i], iovas[i]);
		if (ret)
			goto undo;
	}
	return 0;

undo:
	while (--i >= 0) {
		vfio_unpin_pages(&sg->vdev, sg->parts[i].iova, 1);
		sg->parts[i].page = NULL;
	}
	return ret;
}

static void sgr_drop_all(struct sgr_dev *sg)
{
	unsigned int i;

	for (i = 0; i < SGR_MAX; i++)
		if (sg->parts[i].page) {
			vfio_unpin_pages(&sg->vdev, sg->parts[i].iova, 1);
			sg->parts[i].page = NULL;
		}
}

static long sgr_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct sgr_dev *sg = container_of(vdev, struct sgr_dev, vdev);
	u64 iovas[SGR_MAX];
	int ret;

	if (copy_from_user(iovas, (void __user *)arg, sizeof(iovas)))
		return -EFAULT;
	mutex_lock(&sg->lock);
	sgr_drop_all(sg);
	ret = sgr_pin_all(sg, iovas, SGR_MAX);
	mutex_unlock(&sg->lock);
	return ret;
}

static void sgr_close(struct vfio_device *vdev)
{
	struct sgr_dev *sg = container_of(vdev, struct sgr_dev, vdev);

	mutex_lock(&sg->lock);
	sgr_drop_all(sg);
	mutex_unlock(&sg->lock);
}

static void sgr_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	sgr_close(vdev);
}

static const struct vfio_device_ops sgr_ops = {
	.ioctl = sgr_ioctl, .close_device = sgr_close, .dma_unmap = sgr_dma_unmap, .name = "sg",
};
