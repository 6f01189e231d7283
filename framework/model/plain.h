/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this folder use of C's library, in the kernel and in user space. */
#ifndef MDK_PLAIN_H
#define MDK_PLAIN_H

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include <mdk/types.h>

static inline bool mdk_is_power_of_2(u64 value)
{
	return value && !(value & (value - 1));
}

#endif /* MDK_PLAIN_H */
