// SPDX-License-Identifier: GPL-2.0-only
#include <linux/iommu.h>
#include <linux/vfio.h>

#define SG_MAX 8

struct sg_part {
	u64 iova;
	struct page *page;
};

struct sg_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct sg_part parts[SG_MAX];
};

static int sg_pin_one(struct sg_dev *sg, struct sg_part *part, u64 iova)
{
	int ret = vfio_pin_pages(&sg->vdev, iova, 1, IOMMU_READ, &part->page);

	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	part->iova = iova;
	return 0;
}

static int sg_pin_all(struct sg_dev *sg, const u64 *iovas, int nr)
{
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = sg_pin_one(sg, &sg->parts[i], iovas[i]);
		if (ret)
			goto undo;
	}
	return 0;

undo:
	while (--i > 0) { /* finds: pins */
		vfio_unpin_pages(&sg->vdev, sg->parts[i].iova, 1); /* finds: pins */
		sg->parts[i].page = NULL;
	}
	return ret;
}

static void sg_drop_all(struct sg_dev *sg)
{
	unsigned int i;

	for (i = 0; i < SG_MAX; i++)
		if (sg->parts[i].page) {
			vfio_unpin_pages(&sg->vdev, sg->parts[i].iova, 1);
			sg->parts[i].page = NULL;
		}
}

static long sg_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct sg_dev *sg = container_of(vdev, struct sg_dev, vdev);
	u64 iovas[SG_MAX];
	int ret;

	if (copy_from_user(iovas, (void __user *)arg, sizeof(iovas)))
		return -EFAULT;
	mutex_lock(&sg->lock);
	sg_drop_all(sg);
	ret = sg_pin_all(sg, iovas, SG_MAX);
	mutex_unlock(&sg->lock);
	return ret;
}

static void sg_close(struct vfio_device *vdev)
{
	struct sg_dev *sg = container_of(vdev, struct sg_dev, vdev);

	mutex_lock(&sg->lock);
	sg_drop_all(sg);
	mutex_unlock(&sg->lock);
}

static void sg_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	sg_close(vdev);
}

static const struct vfio_device_ops sg_ops = {
	.ioctl = sg_ioctl, .close_device = sg_close, .dma_unmap = sg_dma_unmap, .name = "sg",
};
