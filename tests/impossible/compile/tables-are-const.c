// SPDX-License-Identifier: GPL-2.0-only
/*
 * All rows: limits that change while guests are checked against them.
 */
/* compiler: read.only */
#include "attempt.h"

static const struct mdk_region regions[] = {
	MDK_BAR_MEM(0, "memory", SZ_4K, 0),
};

void attempt_tables_are_const(u64 *size);

void attempt_tables_are_const(u64 *size)
{
#ifdef ATTEMPT
	regions[0].size = SZ_64K;
#endif
	*size = regions[0].size;
}
