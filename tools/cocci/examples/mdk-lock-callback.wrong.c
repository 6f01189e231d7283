// SPDX-License-Identifier: GPL-2.0-only
static void my_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_lock(dev);
	my_run(dev, value);
	mdk_unlock(dev);
}
