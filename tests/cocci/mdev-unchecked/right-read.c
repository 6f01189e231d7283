// SPDX-License-Identifier: GPL-2.0-only
/* Reads of the guest's memory: each error ends the way to the buffer, or it is filled anew. */
#include <mdk/mdk.h>

struct quay_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

struct quay_order {
	__le32 op;
	__le32 crane;
};

struct quay_state {
	struct mdk_port *port;
	u32 crane, bad;
};

static int quay_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct quay_state *state = mdk_state(dev);
	struct quay_desc *desc = job->desc;
	struct mdk_frame *frame = mdk_frame_alloc(state->port, 64);
	int ret;

	if (IS_ERR(frame))
		return PTR_ERR(frame);
	ret = mdk_ring_read(job->ring, le64_to_cpu(desc->addr), mdk_frame_data(frame), 64);
	if (ret && ret != -EAGAIN)
		state->bad++;
	if (!ret && mdk_port_send(state->port, frame))
		ret = -EBUSY;
	if (ret)
		mdk_frame_free(frame);
	return ret;
}

/* One error first, and then all others. */
static int quay_order(struct mdk_dev *dev, u64 iova)
{
	struct quay_state *state = mdk_state(dev);
	struct quay_order order;
	int ret = mdk_dma_read(dev, iova, &order, sizeof(order));

	if (ret == -EAGAIN)
		return ret;
	if (ret) {
		state->bad++;
		return 0;
	}
	state->crane = le32_to_cpu(order.crane);
	return 0;
}

/* What could not be read is taken for nothing. */
static int quay_mirror(struct mdk_dev *dev, u64 from, u64 to)
{
	u8 goods[64];
	int ret;

	ret = mdk_dma_read(dev, from, goods, sizeof(goods));
	if (ret)
		memset(goods, 0, sizeof(goods));
	return mdk_dma_write(dev, to, goods, sizeof(goods));
}

/* The error's way only says so. */
static int quay_look(struct mdk_dev *dev, u64 iova)
{
	struct quay_state *state = mdk_state(dev);
	struct quay_order order;
	int ret;

	ret = mdk_dma_read(dev, iova, &order, sizeof(order));
	if (ret)
		state->bad++;
	else
		state->crane = le32_to_cpu(order.crane);
	return ret;
}
