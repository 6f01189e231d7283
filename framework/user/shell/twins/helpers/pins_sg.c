// SPDX-License-Identifier: GPL-2.0-only
/* The twin of helpers/pins_sg.c and helpers/reach.c: no device of the host does DMA here. */
#include <linux/err.h>

#include "helpers/pin_cache.h"
#include "helpers/reach.h"

void mdk_handle_unmap(struct mdk_pinned *pinned)
{
}

void mdk_sgt_free(struct sg_table *sgt)
{
}

bool mdk_cache_reaches(struct mdk_pin_cache *cache, struct page *page)
{
	return true;
}

struct sg_table *mdk_pinned_sgt(struct mdk_pinned *pinned)
{
	return ERR_PTR(-EOPNOTSUPP);
}

void mdk_reach_foretell(struct device *dma, const char *model)
{
}
