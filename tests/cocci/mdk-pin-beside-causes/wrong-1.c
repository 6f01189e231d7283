// SPDX-License-Identifier: GPL-2.0-only
/* The pin by hand: in a callback, in a helper, in a worker. */
#include <mdk/mdk.h>

#define LAMP_ISR 0x00
#define LAMP_IER 0x04

struct lamp {
	u32 level;
};

static const struct mdk_cause lamp_causes[] = {
	MDK_CAUSE(0, LAMP_ISR, 0, .mask = LAMP_IER, .polarity = MDK_ONE_ENABLES),
};

static void lamp_pin(struct mdk_dev *dev, bool high)
{
	mdk_intx_set(dev, high); /* finds: mdk-pin-beside-causes */
}

static void lamp_level(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct lamp *lamp = mdk_state(dev);

	lamp->level = value;
	lamp_pin(dev, value > 7);
	if (!value)
		mdk_intx_set(dev, false); /* finds: mdk-pin-beside-causes */
}

static void lamp_work(struct mdk_dev *dev)
{
	mdk_reg_set_bits(dev, 0, LAMP_ISR, BIT(0));
	mdk_intx_set(dev, true); /* finds: mdk-pin-beside-causes */
}

static const struct mdk_model lamp_model = { .name = "lamp", MDK_CAUSES(lamp_causes) };
