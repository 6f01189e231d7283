// SPDX-License-Identifier: GPL-2.0-only
/* Regions of statistics: see check.c. */
#include "check.h"
#include "fault.h"

int mdk_stats_check(const struct mdk_plan *plan, const struct mdk_region *region)
{
	bool writable = region->flags & MDK_MMAP && !(region->flags & MDK_READONLY);

	if (!(region->flags & MDK_STATS) ||
	    (region->kind == MDK_REGION_KIND_RAM && writable && region->size <= MDK_STATS_MAX))
		return 0;
	return mdk_fault(plan->desc, "M218", "region '%s' is one of statistics: it must be memory of at most 0x%x bytes that a guest maps and may write; use MDK_BAR_STATS()",
			 region->name, MDK_STATS_MAX);
}
