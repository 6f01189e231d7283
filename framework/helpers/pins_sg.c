// SPDX-License-Identifier: GPL-2.0-only
/* Pinned pages as a scatter list that is mapped for a device: see pins.c. */
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "pin_cache.h"
#include "reach.h"

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

static bool mdk_cache_has_mask(const struct mdk_pin_cache *cache)
{
	return cache->dma && cache->dma->dma_mask;
}

bool mdk_cache_reaches(struct mdk_pin_cache *cache, struct page *page)
{
	enum mdk_reach reach;

	if (!mdk_cache_has_mask(cache))
		return true;
	reach = mdk_reach(cache->dma, page_to_phys(page), PAGE_SIZE);
	if (reach != MDK_REACHED)
		mdk_reach_tell(cache->dma, reach, page_to_phys(page), &cache->told);
	return reach == MDK_REACHED;
}

/* No lock: only page pointers are read, which stay valid even if an unmap kills the entry. */
static struct sg_table *mdk_sgt_alloc(struct mdk_pinned *pinned, unsigned int longest)
{
	struct page **pages = pinned->entry->pages + (pinned->offset >> PAGE_SHIFT);
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	int ret;

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table_from_pages_segment(sgt, pages, mdk_handle_nr_pages(pinned),
						offset_in_page(pinned->offset), pinned->size,
						longest, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}

/* Bytes of a segment, at most: by the device's segment size and its segment boundary. */
static size_t mdk_sgt_longest(struct device *dma)
{
	size_t longest = min_t(size_t, dma_get_max_seg_size(dma), dma_max_mapping_size(dma));

	return min_t(size_t, longest - 1, dma_get_seg_boundary(dma)) + 1;
}

static struct sg_table *mdk_sgt_build(struct mdk_pinned *pinned)
{
	struct mdk_pin_cache *cache = pinned->cache;
	size_t longest = mdk_sgt_longest(cache->dma);
	struct sg_table *sgt;

	if (longest < PAGE_SIZE) {
		mdk_reach_tell_short(cache->dma, longest, &cache->told);
		return ERR_PTR(-ENXIO);
	}
	sgt = mdk_sgt_alloc(pinned, longest);
	if (IS_ERR(sgt) || mdk_reach_in_borders(cache->dma, sgt))
		return sgt;
	/* A segment within one page crosses no boundary. */
	mdk_sgt_free(sgt);
	return mdk_sgt_alloc(pinned, PAGE_SIZE);
}

static int mdk_sgt_reach(struct mdk_pin_cache *cache, struct sg_table *sgt)
{
	phys_addr_t phys;
	enum mdk_reach reach = mdk_reach_sgt(cache->dma, sgt, &phys);

	if (reach == MDK_REACHED)
		return 0;
	mdk_reach_tell(cache->dma, reach, phys, &cache->told);
	return -ENXIO;
}

/* Under the lock the pages of an entry that is not dead stay pinned. */
static int mdk_sgt_map(struct mdk_pinned *pinned, struct sg_table *sgt)
{
	int ret;

	lockdep_assert_held(&pinned->cache->lock);
	if (pinned->cache->off)
		return -ESHUTDOWN;
	if (pinned->entry->dead)
		return -EFAULT;
	if (pinned->sgt)
		return -EEXIST;
	ret = mdk_sgt_reach(pinned->cache, sgt) ?:
	      dma_map_sgtable(pinned->cache->dma, sgt, mdk_dma_dirs[pinned->dir], 0);
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

	if (!mdk_cache_has_mask(cache))
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
