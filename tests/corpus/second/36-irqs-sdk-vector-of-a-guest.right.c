// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

#define VN_KICK 0x00
#define VN_VECTOR 0x04
#define VN_VECTORS 4

struct vn_state {
	u64 raised[VN_VECTORS];
	u8 pending;
};

static void vn_raise(struct mdk_dev *dev, unsigned int vector)
{
	struct vn_state *state = mdk_state(dev);

	state->raised[vector]++;
	mdk_irq_trigger(dev, MDK_IRQ_MSI, vector);
}

static void vn_kick(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	u32 vector = mdk_reg_get(dev, 0, VN_VECTOR);

	if (vector < VN_VECTORS)
		vn_raise(dev, vector);
}

static const struct mdk_reg vn_regs[] = {
	MDK_REG_WO(VN_KICK, "KICK", BIT(0), .written = vn_kick),
	MDK_REG_RW(VN_VECTOR, "VECTOR", GENMASK(4, 0)),
};
