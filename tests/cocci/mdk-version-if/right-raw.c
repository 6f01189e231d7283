// SPDX-License-Identifier: GPL-2.0-only
/* A driver that has nothing to do with the SDK may do as it likes. */
#include <linux/version.h>
#include <linux/mdev.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define WIDTH 8
#endif
