// SPDX-License-Identifier: GPL-2.0-only
/* Word of mapped memory read twice. */
#include <mdk/mdk.h>

#define GP_BELL 0x00
#define GP_RAM SZ_4K

struct gp_mailbox {
	__le32 len;
	__le32 cmd;
	u8 data[];
};

struct gp_state {
	u8 last[256];
	u32 nr_last;
};

static void gp_bell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct gp_state *state = mdk_state(dev);
	struct gp_mailbox *box = mdk_ram(dev, 2);

	if (le32_to_cpu(box->len) > sizeof(state->last))
		return;
	memcpy(state->last, box->data, le32_to_cpu(box->len)); /* finds: mdev-second-fetch */
	state->nr_last = le32_to_cpu(box->len);
}

static const struct mdk_reg gp_regs[] = {
	MDK_REG_WO(GP_BELL, "BELL", BIT(0), .written = gp_bell),
};
