// SPDX-License-Identifier: GPL-2.0-only
/* Causes are raised and lowered, and messages sent beside them. */
#include <mdk/mdk.h>

#define BULB_ISR 0x00
#define BULB_IER 0x04

static const struct mdk_cause bulb_causes[] = {
	MDK_CAUSE(0, BULB_ISR, 0, .mask = BULB_IER, .polarity = MDK_ONE_ENABLES),
};

static void bulb_level(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	if (value > 7)
		mdk_irq_raise(dev, BIT(0));
	else
		mdk_irq_lower(dev, BIT(0));
}

static void bulb_work(struct mdk_dev *dev)
{
	mdk_irq_trigger(dev, MDK_IRQ_ERR, 0);
}

static const struct mdk_model bulb_model = { .name = "bulb", MDK_CAUSES(bulb_causes) };
