// SPDX-License-Identifier: GPL-2.0-only
/* A read of the guest's memory of which only one error counts, or whose error's way goes on. */
#include <mdk/mdk.h>

struct wharf_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

struct wharf_order {
	__le32 op;
	__le32 crane;
};

struct wharf_state {
	struct mdk_port *port;
	u8 hold[256];
	u32 crane, bad;
};

static int wharf_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct wharf_state *state = mdk_state(dev);
	struct wharf_desc *desc = job->desc;
	struct mdk_frame *frame = mdk_frame_alloc(state->port, 64);
	int ret;

	if (IS_ERR(frame))
		return PTR_ERR(frame);
	ret = mdk_ring_read(job->ring, le64_to_cpu(desc->addr), mdk_frame_data(frame), 64);
	if (ret && ret != -EAGAIN)
		state->bad++;
	if (ret != -EAGAIN)
		ret = mdk_port_send(state->port, frame); /* finds: mdev-unchecked */
	if (ret)
		mdk_frame_free(frame);
	return ret;
}

static int wharf_order(struct mdk_dev *dev, u64 iova)
{
	struct wharf_state *state = mdk_state(dev);
	struct wharf_order order;
	int ret = mdk_dma_read(dev, iova, &order, sizeof(order));

	if (ret == -EAGAIN)
		return ret;
	state->crane = le32_to_cpu(order.crane); /* finds: mdev-unchecked */
	return 0;
}

/* Said, and gone on. */
static int wharf_mirror(struct mdk_dev *dev, u64 from, u64 to)
{
	struct wharf_state *state = mdk_state(dev);
	u8 goods[64];
	int ret;

	ret = mdk_dma_read(dev, from, goods, sizeof(goods));
	if (ret)
		dev_warn(mdk_device(dev), "no goods\n");
	if (goods[0] == 0xff) /* finds: mdev-unchecked */
		state->bad++;
	return mdk_dma_write(dev, to, goods, sizeof(goods));
}
