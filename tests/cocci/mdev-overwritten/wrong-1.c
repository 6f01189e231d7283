// SPDX-License-Identifier: GPL-2.0-only
/* A second request: what the first one got is lost. */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

struct shelf_slot {
	struct page *page;
	dma_addr_t iova;
	struct eventfd_ctx *full;
};

struct shelf {
	struct vfio_device vdev;
	struct shelf_slot bays[4];
	struct file *lender;
};

static void shelf_empty(struct shelf *shelf, struct shelf_slot *slot)
{
	if (slot->page)
		vfio_unpin_pages(&shelf->vdev, slot->iova, 1);
	slot->page = NULL;
	if (slot->full)
		eventfd_ctx_put(slot->full);
	slot->full = NULL;
}

static int shelf_pin(struct shelf *shelf, u32 nr, u64 iova)
{
	struct shelf_slot *slot = &shelf->bays[nr & 3];
	struct page *page;
	int ret = vfio_pin_pages(&shelf->vdev, iova, 1, IOMMU_READ, &page);

	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	slot->iova = iova;
	slot->page = page; /* finds: mdev-overwritten */
	return 0;
}

static struct eventfd_ctx *shelf_event(int fd)
{
	return eventfd_ctx_fdget(fd);
}

static int shelf_full(struct shelf *shelf, u32 nr, int fd)
{
	struct eventfd_ctx *full = shelf_event(fd);

	if (IS_ERR(full))
		return PTR_ERR(full);
	shelf->bays[nr & 3].full = full; /* finds: mdev-eventfd-clear */
	return 0;
}

static int shelf_lend(struct shelf *shelf, int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	shelf->lender = file; /* finds: mdev-overwritten */
	return 0;
}

static long shelf_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct shelf *shelf = container_of(vdev, struct shelf, vdev);

	switch (cmd) {
	case 1:
		return shelf_pin(shelf, arg, arg << 12);
	case 2:
		return shelf_full(shelf, arg, arg);
	default:
		return shelf_lend(shelf, arg);
	}
}

static void shelf_close(struct vfio_device *vdev)
{
	struct shelf *shelf = container_of(vdev, struct shelf, vdev);
	unsigned int i;

	for (i = 0; i < 4; i++)
		shelf_empty(shelf, &shelf->bays[i]);
	if (shelf->lender)
		fput(shelf->lender);
	shelf->lender = NULL;
}

static void shelf_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	shelf_close(vdev);
}

static const struct vfio_device_ops shelf_ops = {
	.close_device = shelf_close, .ioctl = shelf_ioctl, .dma_unmap = shelf_unmap,
};

struct shelf_state {
	struct mdk_pinned *ring;
};

static void shelf_ring(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct shelf_state *state = mdk_state(dev);

	state->ring = mdk_pin(dev, value, 4096, MDK_TO_DEVICE); /* finds: mdev-overwritten */
	if (IS_ERR(state->ring))
		state->ring = NULL;
}

static void shelf_reset(struct mdk_dev *dev)
{
	struct shelf_state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

static const struct mdk_ops shelf_mdk_ops = { .reset = shelf_reset };
static const struct mdk_reg shelf_regs[] = {
	MDK_REG_RW(0, "RING", 0, GENMASK(31, 12), .written = shelf_ring),
};
