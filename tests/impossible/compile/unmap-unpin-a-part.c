// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unmap: the driver unpins another range than it pinned.
 */
/* compiler: too many arguments */
#include "attempt.h"

void attempt_unpin_a_part(struct mdk_pinned *pinned, u64 iova);

void attempt_unpin_a_part(struct mdk_pinned *pinned, u64 iova)
{
#ifdef ATTEMPT
	mdk_unpin(pinned, iova, 1);
#else
	mdk_unpin(pinned);
#endif
}
