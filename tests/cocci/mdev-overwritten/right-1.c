// SPDX-License-Identifier: GPL-2.0-only
/* Emptied first, refused, swapped, looked at by who calls, new, or only for a while. */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

struct board_slot {
	struct page *leaf;
	dma_addr_t iova;
	struct eventfd_ctx *done;
};

struct board {
	struct vfio_device vdev;
	struct board_slot pegs[4];
	struct file *owner;
};

static void board_empty(struct board *board, struct board_slot *slot)
{
	if (slot->leaf)
		vfio_unpin_pages(&board->vdev, slot->iova, 1);
	slot->leaf = NULL;
	if (slot->done)
		eventfd_ctx_put(slot->done);
	slot->done = NULL;
}

static int board_pin(struct board *board, u32 nr, u64 iova)
{
	struct board_slot *slot = &board->pegs[nr & 3];
	struct page *page;
	int ret = vfio_pin_pages(&board->vdev, iova, 1, IOMMU_READ, &page);

	if (ret != 1)
		return ret < 0 ? ret : -EFAULT;
	board_empty(board, slot);
	slot->iova = iova;
	slot->leaf = page;
	return 0;
}

static int board_done(struct board *board, u32 nr, int fd)
{
	struct eventfd_ctx *done = eventfd_ctx_fdget(fd);

	if (IS_ERR(done))
		return PTR_ERR(done);
	swap(board->pegs[nr & 3].done, done);
	if (done)
		eventfd_ctx_put(done);
	return 0;
}

static int board_lend(struct board *board, int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	board->owner = file;
	return 0;
}

static long board_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct board *board = container_of(vdev, struct board, vdev);

	switch (cmd) {
	case 1:
		return board_pin(board, arg, arg << 12);
	case 2:
		return board_done(board, arg, arg);
	default:
		return board->owner ? -EBUSY : board_lend(board, arg);
	}
}

static void board_close(struct vfio_device *vdev)
{
	struct board *board = container_of(vdev, struct board, vdev);
	unsigned int i;

	for (i = 0; i < 4; i++)
		board_empty(board, &board->pegs[i]);
	if (board->owner)
		fput(board->owner);
	board->owner = NULL;
}

static void board_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	board_close(vdev);
}

static const struct vfio_device_ops board_ops = {
	.close_device = board_close, .ioctl = board_ioctl, .dma_unmap = board_unmap,
};

struct board_state {
	struct mdk_pinned *strip;
	u32 seen;
};

static void board_drop(struct board_state *state)
{
	mdk_unpin(state->strip);
	state->strip = NULL;
}

static void board_strip(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct board_state *state = mdk_state(dev);
	struct mdk_pinned *strip = mdk_pin(dev, value, 4096, MDK_TO_DEVICE);

	if (IS_ERR(strip))
		return;
	state->strip = strip;
	if (mdk_pinned_read(strip, 0, &state->seen, sizeof(state->seen)))
		state->seen = 0;
	board_drop(state);
}

static void board_stop(struct board_state *state)
{
	board_drop(state);
	state->seen = 0;
}

static int board_begin(struct mdk_dev *dev, u64 iova)
{
	struct board_state *state = mdk_state(dev);
	struct mdk_pinned *strip = mdk_pin(dev, iova, 4096, MDK_TO_DEVICE);

	if (IS_ERR(strip))
		return PTR_ERR(strip);
	state->strip = strip;
	return 0;
}

static void board_again(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	board_stop(mdk_state(dev));
	if (board_begin(dev, value))
		mdk_irq_raise(dev, 0);
}

static const struct mdk_reg board_regs[] = {
	MDK_REG_RW(0, "STRIP", 0, GENMASK(31, 12), .written = board_strip),
	MDK_REG_RW(0, "AGAIN", 4, GENMASK(31, 12), .written = board_again),
};
