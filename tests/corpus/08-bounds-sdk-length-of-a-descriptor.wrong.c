// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

#define EC_BASE 0x00
#define EC_SIZE 0x04
#define EC_HEAD 0x08
#define EC_TAIL 0x0c
#define EC_ISR  0x10

#define EC_FRAME 2048
#define EC_DONE  BIT(0)
#define EC_ERROR BIT(1)

struct ec_desc {
	__le64 addr;
	__le16 len;
	__le16 flags;
	__le32 done;
};

struct ec_state {
	u64 frames;
	u64 bytes;
	u32 checksum;
	u8 frame[EC_FRAME];
};

static u32 ec_sum(const u8 *frame, u32 len)
{
	u32 sum = 0;

	while (len--)
		sum += *frame++;
	return sum;
}

static int ec_send(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct ec_state *state = mdk_state(dev);
	struct ec_desc *desc = job->desc;
	u16 len = le16_to_cpu(desc->len);
	int ret;

	if (!len) { /* finds: bounds */
		desc->done = cpu_to_le32(EC_DONE | EC_ERROR);
		return 0;
	}
	ret = mdk_ring_read(job->ring, le64_to_cpu(desc->addr), /* finds: bounds */
			    state->frame, len);
	if (ret == -EAGAIN)
		return ret;
	if (ret) {
		desc->done = cpu_to_le32(EC_DONE | EC_ERROR);
		return 0;
	}
	state->checksum = ec_sum(state->frame, len);
	state->frames++;
	state->bytes += len;
	desc->done = cpu_to_le32(EC_DONE);
	return 0;
}

static void ec_reset(struct mdk_dev *dev)
{
	struct ec_state *state = mdk_state(dev);

	memset(state, 0, sizeof(*state));
}

static const struct mdk_reg ec_regs[] = {
	MDK_REG_RW(EC_BASE, "BASE", 0, GENMASK(31, 4)),
	MDK_REG_RW(EC_SIZE, "SIZE", 0, GENMASK(8, 0)),
	MDK_REG_RO(EC_HEAD, "HEAD", 0),
	MDK_REG_RW(EC_TAIL, "TAIL", 0, GENMASK(31, 0)),
	MDK_REG_W1C(EC_ISR, "ISR", BIT(0)),
};

static const struct mdk_cause ec_causes[] = {
	MDK_CAUSE(0, EC_ISR, 0),
};

static const struct mdk_ring_row ec_rings[] = {
	MDK_RING("tx", .base = MDK_AT(0, EC_BASE), .size = MDK_AT(0, EC_SIZE),
		 .head = MDK_AT(0, EC_HEAD), .tail = MDK_AT(0, EC_TAIL), .max = 256,
		 .desc_size = sizeof(struct ec_desc), .status = 12, .dir = MDK_TO_DEVICE,
		 .buffer_pages = 16, .work = ec_send, .raises = BIT(0)),
};

static const struct mdk_ops ec_ops = { .reset = ec_reset };
