// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct card_desc {
	__le64 addr;
	__le32 len;
	__le32 status;
};

struct card_state {
	u8 frame[2048];
};

static int card_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct card_state *state = mdk_state(dev);
	const struct card_desc *desc = job->desc;
	u32 len = le32_to_cpu(desc->len);

	if (len > sizeof(state->frame))
		return -EINVAL;
	return mdk_ring_read(job->ring, le64_to_cpu(desc->addr), state->frame, len);
}
