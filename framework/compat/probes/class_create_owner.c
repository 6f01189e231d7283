// SPDX-License-Identifier: GPL-2.0-only
/* class_create(): the module argument was dropped. */
#include <linux/device.h>
#include <linux/module.h>

struct class *mdk_probe(void);
struct class *mdk_probe(void)
{
#if PROBE_FORM == 1
	return class_create(THIS_MODULE, "probe");
#else
	return class_create("probe");
#endif
}
