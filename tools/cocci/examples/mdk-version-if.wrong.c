// SPDX-License-Identifier: GPL-2.0-only
#include <linux/version.h>
#include <mdk/mdk.h>

static void ring(struct mdk_dev *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(dev_trigger(dev));
#else
	eventfd_signal(dev_trigger(dev), 1);
#endif
}
