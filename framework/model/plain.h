/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this room use of C itself, in a kernel and outside. */
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
