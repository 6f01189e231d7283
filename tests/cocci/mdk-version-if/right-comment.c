// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

/*
 * Before we had the SDK there was
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)
 * here.
 */
static int answer(void)
{
	return 42;
}
