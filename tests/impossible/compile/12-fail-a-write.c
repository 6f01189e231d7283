// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 12: a guest gets the -1 of a register that did not like its value.
 */
/* compiler: incompatible.pointer.type */
#include "attempt.h"

#ifdef ATTEMPT
static int doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	return value ? 0 : -1;
}
#else
static void doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
}
#endif

const struct mdk_reg attempt_fail_a_write[] = {
	MDK_REG_WO(0x0, "DOORBELL", ~0U, .written = doorbell),
};
