// SPDX-License-Identifier: GPL-2.0-only
/* Pinned pages as a scatter list that is mapped for a device: see pins.c. */
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "pins_private.h"

static const enum dma_data_direction mdk_dma_dirs[] = {
	[MDK_TO_DEVICE] = DMA_TO_DEVICE,
	[MDK_FROM_DEVICE] = DMA_FROM_DEVICE,
	[MDK_BOTH_WAYS] = DMA_BIDIRECTIONAL,
};

void mdk_handle_unmap(struct mdk_pinned *pinned)
{
	lockdep_assert_held(&pinned->cache->lock);
	if (pinned->mapped)
		dma_unmap_sgtable(pinned->cache->dma, pinned->sgt, mdk_dma_dirs[pinned->dir], 0);
	pinned->mapped = false;
}

void mdk_sgt_free(struct sg_table *sgt)
{
	if (!sgt)
		return;
	sg_free_table(sgt);
	kfree(sgt);
}

/* Only names pages, so it may lose the race against an unmap. */
static struct sg_table *mdk_sgt_build(struct mdk_pinned *pinned)
{
	struct page **pages = pinned->entry->pages + (pinned->offset >> PAGE_SHIFT);
	struct device *dma = pinned->cache->dma;
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	unsigned int longest;
	int ret;

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	longest = min_t(size_t, dma_get_max_seg_size(dma), dma_max_mapping_size(dma));
	ret = sg_alloc_table_from_pages_segment(sgt, pages, mdk_pinned_nr_pages(pinned),
						offset_in_page(pinned->offset), pinned->size,
						longest, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}

/* Mapping may copy what the pages hold, so they must be there: under the lock, not dead. */
static int mdk_sgt_map(struct mdk_pinned *pinned, struct sg_table *sgt)
{
	int ret = 0;

	lockdep_assert_held(&pinned->cache->lock);
	if (pinned->cache->off)
		return -ESHUTDOWN;
	if (pinned->entry->dead)
		return -EFAULT;
	if (pinned->sgt)
		return -EEXIST;
	ret = dma_map_sgtable(pinned->cache->dma, sgt, mdk_dma_dirs[pinned->dir], 0);
	if (ret)
		return ret;
	pinned->sgt = sgt;
	pinned->mapped = true;
	return 0;
}

static struct sg_table *mdk_sgt_made(struct mdk_pinned *pinned)
{
	struct sg_table *sgt;

	mutex_lock(&pinned->cache->lock);
	if (pinned->cache->off)
		sgt = ERR_PTR(-ESHUTDOWN);
	else
		sgt = pinned->entry->dead ? ERR_PTR(-EFAULT) : pinned->sgt;
	mutex_unlock(&pinned->cache->lock);
	return sgt;
}

struct sg_table *mdk_pinned_sgt(struct mdk_pinned *pinned)
{
	struct mdk_pin_cache *cache = pinned->cache;
	struct sg_table *sgt;
	int ret;

	if (!cache->dma || !cache->dma->dma_mask)
		return ERR_PTR(-EOPNOTSUPP);
	sgt = mdk_sgt_made(pinned);
	if (sgt)
		return sgt;
	sgt = mdk_sgt_build(pinned);
	if (IS_ERR(sgt))
		return sgt;

	mutex_lock(&cache->lock);
	ret = mdk_sgt_map(pinned, sgt);
	mutex_unlock(&cache->lock);
	if (!ret)
		return sgt;
	mdk_sgt_free(sgt);
	return ret == -EEXIST ? mdk_sgt_made(pinned) : ERR_PTR(ret);
}
