// SPDX-License-Identifier: GPL-2.0-only
/* Where the unmap begins, and only what lies in it as a whole; in a helper. */
#include <linux/mutex.h>
#include <linux/vfio.h>

struct crane_load {
	u64 iova;
	u32 pages;
};

struct crane {
	struct vfio_device vdev;
	struct mutex lock;
	struct crane_load load, spare;
};

static void crane_drop(struct crane *crane, struct crane_load *load)
{
	if (load->pages)
		vfio_unpin_pages(&crane->vdev, load->iova, load->pages);
	load->pages = 0;
}

static void crane_one(struct crane *crane, struct crane_load *load, u64 iova, u64 length)
{
	u64 end = load->iova + load->pages * PAGE_SIZE;

	if (iova >= load->iova && iova < end) /* finds: mdev-unmap-range */
		crane_drop(crane, load);
}

static void crane_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct crane *crane = container_of(vdev, struct crane, vdev);

	mutex_lock(&crane->lock);
	crane_one(crane, &crane->load, iova, length);
	mutex_unlock(&crane->lock);
}

static void hoist_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct crane *crane = container_of(vdev, struct crane, vdev);
	u64 last = iova + length;

	mutex_lock(&crane->lock);
	if (iova <= crane->spare.iova && crane->spare.iova + crane->spare.pages * PAGE_SIZE <= last) /* finds: mdev-unmap-range */
		crane_drop(crane, &crane->spare);
	mutex_unlock(&crane->lock);
}

static const struct vfio_device_ops crane_ops = { .name = "crane", .dma_unmap = crane_dma_unmap };
static const struct vfio_device_ops hoist_ops = { .name = "hoist", .dma_unmap = hoist_dma_unmap };
