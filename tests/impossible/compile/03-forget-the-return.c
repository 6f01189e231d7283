// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 3: a path without a value.
 */
/* compiler: no return statement|reaches end of non-void function */
#include "attempt.h"

static u32 status_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	if (reg->offset == 0)
		return 1;
#ifndef ATTEMPT
	return 0;
#endif
}

const struct mdk_reg attempt_forget_the_return[] = {
	MDK_REG_RO(0x0, "STATUS", 0, .read = status_read),
};
