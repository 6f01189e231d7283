// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 14: the bounds check fails and nobody looks.
 */
/* compiler: ignoring return value */
#include "attempt.h"

void attempt_do_not_look(struct mdk_pinned *pinned, bool *done);

void attempt_do_not_look(struct mdk_pinned *pinned, bool *done)
{
	const u32 status = 1;

#ifdef ATTEMPT
	mdk_pinned_write(pinned, ~0ULL, &status, sizeof(status));
	*done = true;
#else
	*done = !mdk_pinned_write(pinned, ~0ULL, &status, sizeof(status));
#endif
}
