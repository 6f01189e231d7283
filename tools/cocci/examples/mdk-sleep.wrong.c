// SPDX-License-Identifier: GPL-2.0-only
static irqreturn_t my_irq(int irq, void *data)
{
	struct mdk_dev *dev = data;

	mdk_lock(dev);
	my_update(dev);
	mdk_unlock(dev);
	return IRQ_HANDLED;
}

static int my_start(struct mdk_dev *dev, int irq)
{
	return request_irq(irq, my_irq, 0, "my", dev);
}
