// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 3, as the samples have it: the callback fills a buffer, or not.
 */
/* compiler: incompatible.pointer.type */
#include "attempt.h"

#ifdef ATTEMPT
static ssize_t bar_read(struct mdk_dev *dev, char *buf, size_t count, loff_t *ppos)
{
	return count;
}
#else
static u64 bar_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		    unsigned int width)
{
	return 0;
}
#endif

const struct mdk_region_ops attempt_fill_a_buffer = { .read = bar_read };
