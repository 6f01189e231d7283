// SPDX-License-Identifier: GPL-2.0-only
static void my_done(struct mdk_dev *dev)
{
	mdk_irq_raise(dev, BIT(0));
}
