// SPDX-License-Identifier: GPL-2.0-only
#include <linux/version.h>
#include <mdev_sdk/mdev.h>

#ifdef CONFIG_DEBUG_FS
#define WIDTH 8
#elif (KERNEL_VERSION(6, 2, 0) < LINUX_VERSION_CODE) /* finds: mdk-version-if */
#define WIDTH 4
#endif
