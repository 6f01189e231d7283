// SPDX-License-Identifier: GPL-2.0-only
#include <linux/version.h>
#include <mdk/mdk.h>

static const char *line_of_kernels(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0) /* finds: mdk-version-if */
	return "newer";
#else
	return "older";
#endif
}
