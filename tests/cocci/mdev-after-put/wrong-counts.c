// SPDX-License-Identifier: GPL-2.0-only
/* More pages are given back than were pinned, and memory that the release frees as well. */
#include <linux/iommu.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct cellar {
	struct vfio_device vdev;
	struct page *casks[16];
	u8 *wine;
};

static int cellar_pin(struct cellar *cellar, u64 iova, int nr)
{
	int ret = vfio_pin_pages(&cellar->vdev, iova, nr, IOMMU_READ, cellar->casks);

	if (ret < 0)
		return ret;
	if (ret != nr) {
		vfio_unpin_pages(&cellar->vdev, iova, nr); /* finds: mdev-after-put */
		return -EFAULT;
	}
	return 0;
}

static void cellar_release(struct vfio_device *vdev)
{
	struct cellar *cellar = container_of(vdev, struct cellar, vdev);

	kfree(cellar->wine);
}

void cellar_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

static const struct vfio_device_ops cellar_ops = {
	.release = cellar_release, .dma_unmap = cellar_dma_unmap,
};

static int cellar_fill(struct cellar *cellar)
{
	int ret;

	cellar->wine = kzalloc(4096, GFP_KERNEL);
	if (!cellar->wine) {
		ret = -ENOMEM;
		goto put;
	}
	ret = vfio_register_emulated_iommu_dev(&cellar->vdev);
	if (ret)
		goto free;
	return 0;
free:
	kfree(cellar->wine); /* finds: mdev-after-put */
put:
	vfio_put_device(&cellar->vdev);
	return ret;
}
