// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void ring(struct mdk_dev *dev)
{
	mdk_irq_trigger(dev, MDK_IRQ_MSI, 0);
}
