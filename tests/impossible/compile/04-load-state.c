// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 4: a driver that parses a migration stream by itself. There is no such op.
 */
/* compiler: no member named .load */
#include "attempt.h"

#ifdef ATTEMPT
static int load(struct mdk_dev *dev, const void *stream, size_t size)
{
	return 0;
}
#endif

const struct mdk_ops attempt_load_state = {
#ifdef ATTEMPT
	.load = load,
#endif
};
