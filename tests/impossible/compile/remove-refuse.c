// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remove: the driver keeps a device that is removed.
 */
/* compiler: incompatible.pointer.type */
#include "attempt.h"

#ifdef ATTEMPT
static int fini(struct mdk_dev *dev)
{
	return -EBUSY;
}
#else
static void fini(struct mdk_dev *dev)
{
}
#endif

const struct mdk_ops attempt_refuse = { .fini = fini };
