// SPDX-License-Identifier: GPL-2.0-only
/* As many as were pinned; and the release alone frees, or the place is emptied. */
#include <linux/iommu.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct granary {
	struct vfio_device vdev;
	struct page *sacks[16];
	u8 *corn;
};

static int granary_pin(struct granary *granary, u64 iova, int nr)
{
	int ret = vfio_pin_pages(&granary->vdev, iova, nr, IOMMU_READ, granary->sacks);

	if (ret < 0)
		return ret;
	if (ret != nr) {
		vfio_unpin_pages(&granary->vdev, iova, ret);
		return -EFAULT;
	}
	return 0;
}

static void granary_release(struct vfio_device *vdev)
{
	struct granary *granary = container_of(vdev, struct granary, vdev);

	kfree(granary->corn);
}

void granary_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

static const struct vfio_device_ops granary_ops = {
	.release = granary_release, .dma_unmap = granary_dma_unmap,
};

static int granary_fill(struct granary *granary)
{
	int ret;

	granary->corn = kzalloc(4096, GFP_KERNEL);
	if (!granary->corn) {
		ret = -ENOMEM;
		goto put;
	}
	ret = vfio_register_emulated_iommu_dev(&granary->vdev);
	if (ret)
		goto free;
	return 0;
free:
	kfree(granary->corn);
	granary->corn = NULL;
put:
	vfio_put_device(&granary->vdev);
	return ret;
}
