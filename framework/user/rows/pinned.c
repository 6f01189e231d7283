// SPDX-License-Identifier: GPL-2.0-only
/* What a program that looks on wants to know of a pin, and no driver needs. */
#include "helpers/pin_cache.h"
#include "user/rows.h"

uint64_t user_pinned_iova(const struct mdk_pinned *pinned)
{
	return pinned->entry->first + pinned->offset;
}
