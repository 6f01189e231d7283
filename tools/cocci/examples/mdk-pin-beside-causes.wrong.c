// SPDX-License-Identifier: GPL-2.0-only
static const struct mdk_cause my_causes[] = {
	MDK_CAUSE(0, MY_ISR, 0, .mask = MY_IER, .polarity = MDK_ONE_ENABLES),
};

static const struct mdk_model my_model = { .name = "my", MDK_CAUSES(my_causes) };

static void my_done(struct mdk_dev *dev)
{
	mdk_reg_set_bits(dev, 0, MY_ISR, BIT(0));
	mdk_intx_set(dev, true);
}
