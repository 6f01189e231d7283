// SPDX-License-Identifier: GPL-2.0-only
/*
 * Release: driver code that runs when the last reference goes, whenever that is.
 */
/* compiler: no member named .release */
#include "attempt.h"

#ifdef ATTEMPT
static void release(struct mdk_dev *dev)
{
}
#endif

const struct mdk_ops attempt_release_callback = {
#ifdef ATTEMPT
	.release = release,
#endif
};
