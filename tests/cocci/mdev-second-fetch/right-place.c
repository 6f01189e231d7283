// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <mdk/mdk.h>

#define GPR_BELL 0x00
#define GPR_RAM SZ_4K

struct gpr_mailbox {
	__le32 len;
	__le32 cmd;
	u8 data[];
};

struct gpr_state {
	u8 last[256];
	u32 nr_last;
};

static void gpr_bell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct gpr_state *state = mdk_state(dev);
	struct gpr_mailbox *box = mdk_ram(dev, 2);
	u32 len = le32_to_cpu(READ_ONCE(box->len));

	if (len > sizeof(state->last))
		return;
	memcpy(state->last, box->data, len);
	state->nr_last = len;
}

static const struct mdk_reg gpr_regs[] = {
	MDK_REG_WO(GPR_BELL, "BELL", BIT(0), .written = gpr_bell),
};
