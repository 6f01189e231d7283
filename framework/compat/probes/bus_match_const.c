// SPDX-License-Identifier: GPL-2.0-only
/* bus_type.match: the driver became const. */
#include <linux/device.h>

#if PROBE_FORM == 1
static int match(struct device *dev, const struct device_driver *drv)
#else
static int match(struct device *dev, struct device_driver *drv)
#endif
{
	return 0;
}

struct bus_type mdk_probe = { .match = match };
