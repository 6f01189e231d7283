// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

#define CM_ADDR   0x00
#define CM_OP     0x04
#define CM_STATUS 0x08

#define CM_IDENTIFY 1
#define CM_COUNTERS 2

struct cm_answer {
	__le32 op;
	__le32 result;
	__le64 values[4];
	__le32 serial;
	__le32 reserved;
};

struct cm_state {
	u64 done;
	u64 failed;
};

static void cm_identify(struct cm_answer *answer)
{
	answer->values[0] = cpu_to_le64(0x434d0001);
	answer->values[1] = cpu_to_le64(4096);
	answer->values[2] = 0;
	answer->values[3] = 0;
	answer->result = 0;
}

static void cm_counters(const struct cm_state *state, struct cm_answer *answer)
{
	answer->values[0] = cpu_to_le64(state->done);
	answer->values[1] = cpu_to_le64(state->failed);
	answer->result = 0;
}

static int cm_run(struct mdk_dev *dev, u32 op)
{
	u64 addr = (u64)mdk_reg_get(dev, 0, CM_ADDR) << 8;
	struct cm_state *state = mdk_state(dev);
	struct cm_answer answer = {};

	answer.op = cpu_to_le32(op);
	switch (op) {
	case CM_IDENTIFY:
		cm_identify(&answer);
		break;
	case CM_COUNTERS:
		cm_counters(state, &answer);
		break;
	default:
		answer.result = cpu_to_le32(EINVAL);
		break;
	}
	answer.serial = cpu_to_le32(state->done);
	return mdk_dma_write(dev, addr, &answer, sizeof(answer));
}

static void cm_op(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct cm_state *state = mdk_state(dev);

	if (cm_run(dev, value)) {
		state->failed++;
		mdk_reg_set_bits(dev, 0, CM_STATUS, BIT(1));
		return;
	}
	state->done++;
	mdk_reg_set_bits(dev, 0, CM_STATUS, BIT(0));
}

static void cm_reset(struct mdk_dev *dev)
{
	struct cm_state *state = mdk_state(dev);

	memset(state, 0, sizeof(*state));
}

static const struct mdk_reg cm_regs[] = {
	MDK_REG_RW(CM_ADDR, "ADDR", 0, GENMASK(31, 0)),
	MDK_REG_WO(CM_OP, "OP", GENMASK(7, 0), .written = cm_op),
	MDK_REG_W1C(CM_STATUS, "STATUS", BIT(0) | BIT(1)),
};

static const struct mdk_ops cm_ops = { .reset = cm_reset };
