// SPDX-License-Identifier: GPL-2.0-only
#include <linux/version.h>
#include <mdk/mdk.h>

#if IS_ENABLED(CONFIG_PCI)
#define HAVE_PCI 1
#endif

/* What KERNEL_VERSION says of this kernel is printed, and nothing depends on it. */
static void say(struct device *dev)
{
	dev_dbg(dev, "built for %d\n", LINUX_VERSION_CODE);
}
