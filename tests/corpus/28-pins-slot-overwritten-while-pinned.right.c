// SPDX-License-Identifier: GPL-2.0-only
#include <linux/iommu.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define DM_SLOTS 8

struct dm_map {
	__u32 argsz;
	__u32 slot;
	__u64 iova;
};

#define DM_MAP _IOW(VFIO_TYPE, VFIO_BASE + 51, struct dm_map)

struct dm_slot {
	struct page *page;
	dma_addr_t iova;
};

struct dm_engine {
	struct vfio_device vdev;
	struct mutex lock;
	struct dm_slot slots[DM_SLOTS];
};

static void dm_clear(struct dm_engine *dm, struct dm_slot *slot)
{
	if (!slot->page)
		return;
	vfio_unpin_pages(&dm->vdev, slot->iova, 1);
	slot->page = NULL;
}

static int dm_set(struct dm_engine *dm, u32 nr, u64 iova)
{
	struct dm_slot *slot;
	struct page *page;
	int ret;

	if (nr >= DM_SLOTS || !PAGE_ALIGNED(iova))
		return -EINVAL;
	slot = &dm->slots[array_index_nospec(nr, DM_SLOTS)];

	guard(mutex)(&dm->lock);
	ret = vfio_pin_pages(&dm->vdev, iova, 1, IOMMU_READ | IOMMU_WRITE, &page);
	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	dm_clear(dm, slot);
	slot->page = page;
	slot->iova = iova;
	return 0;
}

static long dm_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct dm_engine *dm = container_of(vdev, struct dm_engine, vdev);
	size_t minsz = offsetofend(struct dm_map, iova);
	struct dm_map map;

	switch (cmd) {
	case DM_MAP:
		if (copy_from_user(&map, (void __user *)arg, minsz))
			return -EFAULT;
		if (map.argsz < minsz)
			return -EINVAL;
		return dm_set(dm, map.slot, map.iova);
	default:
		return -ENOTTY;
	}
}

static void dm_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct dm_engine *dm = container_of(vdev, struct dm_engine, vdev);
	struct dm_slot *slot;

	guard(mutex)(&dm->lock);
	for (slot = dm->slots; slot < dm->slots + DM_SLOTS; slot++)
		if (slot->page && slot->iova >= iova && slot->iova - iova < length)
			dm_clear(dm, slot);
}

static void dm_close(struct vfio_device *vdev)
{
	struct dm_engine *dm = container_of(vdev, struct dm_engine, vdev);
	unsigned int i;

	guard(mutex)(&dm->lock);
	for (i = 0; i < DM_SLOTS; i++)
		dm_clear(dm, &dm->slots[i]);
}

static const struct vfio_device_ops dm_ops = {
	.name = "dm-engine",
	.close_device = dm_close,
	.ioctl = dm_ioctl,
	.dma_unmap = dm_dma_unmap,
};
