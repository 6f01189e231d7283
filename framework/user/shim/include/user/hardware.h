/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of the platform: there are none. */
#ifndef USER_HARDWARE_H
#define USER_HARDWARE_H

#include <user/pci.h>

struct platform_device {
	struct device dev;
	struct resource *resource;
	u32 num_resources;
};
#define dev_is_platform(_dev) ((void)(_dev), false)
#define to_platform_device(_dev) container_of(_dev, struct platform_device, dev)

#endif /* USER_HARDWARE_H */
