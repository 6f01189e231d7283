// SPDX-License-Identifier: GPL-2.0-only
#include <linux/version.h>
#include <mdk/mdk.h>

#if defined(CONFIG_PCI) && /* finds: mdk-version-if */ \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define HAVE_OLD_PCI 1
#endif

#  if !defined(RHEL_RELEASE_CODE) /* finds: mdk-version-if */
#define NO_RHEL 1
#  endif
