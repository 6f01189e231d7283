// SPDX-License-Identifier: GPL-2.0-only
static int my_start(struct mdk_dev *dev, u64 iova)
{
	struct mdk_pinned *ring;

	ring = mdk_pin(dev, iova, SZ_4K, MDK_TO_DEVICE);
	if (!ring)
		return -ENOMEM;
	return my_run(dev, ring);
}
