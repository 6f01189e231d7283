// SPDX-License-Identifier: GPL-2.0-only
/* class_compat_create_link(): a third argument, the device to link back from, was dropped. */
#include <linux/device.h>

int mdk_probe(struct class_compat *cls, struct device *dev);
int mdk_probe(struct class_compat *cls, struct device *dev)
{
#if PROBE_FORM == 1
	return class_compat_create_link(cls, dev, NULL);
#else
	return class_compat_create_link(cls, dev);
#endif
}
