// SPDX-License-Identifier: GPL-2.0-only
/* Both ends, one page at a time, a distance both ways, all of it whatever the range is. */
#include <linux/mutex.h>
#include <linux/vfio.h>

struct winch_rope {
	u64 iova;
	u32 pages;
};

struct winch {
	struct vfio_device vdev;
	struct mutex lock;
	struct winch_rope rope;
	u64 pins[8];
};

static void winch_drop(struct winch *winch)
{
	if (winch->rope.pages)
		vfio_unpin_pages(&winch->vdev, winch->rope.iova, winch->rope.pages);
	winch->rope.pages = 0;
}

static void winch_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct winch *winch = container_of(vdev, struct winch, vdev);
	u64 end = winch->rope.iova + winch->rope.pages * PAGE_SIZE;

	mutex_lock(&winch->lock);
	if (winch->rope.iova < iova + length && iova < end)
		winch_drop(winch);
	mutex_unlock(&winch->lock);
}

static void pulley_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct winch *winch = container_of(vdev, struct winch, vdev);
	unsigned int i;

	mutex_lock(&winch->lock);
	for (i = 0; i < 8; i++)
		if (winch->pins[i] >= iova && winch->pins[i] < iova + length) {
			vfio_unpin_pages(&winch->vdev, winch->pins[i], 1);
			winch->pins[i] = 0;
		}
	mutex_unlock(&winch->lock);
}

static void block_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct winch *winch = container_of(vdev, struct winch, vdev);
	u64 bytes = (u64)winch->rope.pages << PAGE_SHIFT;

	mutex_lock(&winch->lock);
	if (winch->rope.iova - iova < length || iova - winch->rope.iova < bytes)
		winch_drop(winch);
	mutex_unlock(&winch->lock);
}

static void tackle_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct winch *winch = container_of(vdev, struct winch, vdev);

	mutex_lock(&winch->lock);
	winch_drop(winch);
	mutex_unlock(&winch->lock);
}

static const struct vfio_device_ops winch_ops = { .dma_unmap = winch_dma_unmap };
static const struct vfio_device_ops pulley_ops = { .dma_unmap = pulley_dma_unmap };
static const struct vfio_device_ops block_ops = { .dma_unmap = block_dma_unmap };
static const struct vfio_device_ops tackle_ops = { .dma_unmap = tackle_dma_unmap };
