// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 3: a descriptor from guest memory that could not be read is used all the same.
 */
/* compiler: ignoring return value */
#include "attempt.h"

u32 attempt_ignore_a_failed_copy(struct mdk_dev *dev, u64 iova);

u32 attempt_ignore_a_failed_copy(struct mdk_dev *dev, u64 iova)
{
	u32 descriptor = 0;

#ifdef ATTEMPT
	mdk_dma_read(dev, iova, &descriptor, sizeof(descriptor));
#else
	if (mdk_dma_read(dev, iova, &descriptor, sizeof(descriptor)))
		return 0;
#endif
	return descriptor;
}
