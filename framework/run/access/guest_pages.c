// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers are mostly used again, so their pages stay pinned. A copy fails by itself if the guest
 * unmaps the memory (pins_copy.c).
 */
#include <linux/mm.h>

#include "guest_pages.h"
#include "ring_index.h"

void mdk_guest_pages_drop(struct mdk_guest_pages *cache)
{
	u32 i;

	for (i = 0; i < cache->nr; i++) {
		mdk_unpin(cache->pages[i].pinned);
		cache->pages[i].pinned = NULL;
	}
}

/* A pin that is no longer alive is replaced: the guest may have mapped other memory there. */
static struct mdk_pinned *mdk_guest_page_pin(struct mdk_guest_pages *cache, u64 addr,
					     enum mdk_dma_dir dir)
{
	u64 iova = addr & PAGE_MASK;
	/* A page that is read and written has a place for each. */
	u64 place = iova >> PAGE_SHIFT ^ (dir == MDK_FROM_DEVICE);
	struct mdk_guest_page *page = &cache->pages[place & (cache->nr - 1)];
	bool alive = page->pinned && mdk_pinned_alive(page->pinned), died = page->pinned && !alive;
	struct mdk_pinned *pinned;

	if (alive && page->iova == iova && page->dir == dir)
		return page->pinned;
	mdk_unpin(page->pinned);
	page->pinned = NULL;
	pinned = mdk_pin(cache->dev, iova, PAGE_SIZE, dir);
	/* Until the unmap has come to its end the dead one counts too. */
	if (died && IS_ERR(pinned) && PTR_ERR(pinned) == -ENOSPC)
		return ERR_PTR(-EAGAIN);
	if (IS_ERR(pinned))
		return pinned;
	page->iova = iova;
	page->dir = dir;
	page->pinned = pinned;
	return pinned;
}

static int mdk_guest_copy_piece(struct mdk_guest_pages *cache, enum mdk_dma_dir way,
				enum mdk_dma_dir pin_dir, u64 addr, void *buf, u32 len)
{
	struct mdk_pinned *pinned = mdk_guest_page_pin(cache, addr, pin_dir);
	int ret;

	if (IS_ERR(pinned))
		return PTR_ERR(pinned);
	if (way == MDK_FROM_DEVICE)
		ret = mdk_pinned_write(pinned, offset_in_page(addr), buf, len);
	else
		ret = mdk_pinned_read(pinned, offset_in_page(addr), buf, len);
	/* Unmapped just now: the next attempt pins what is mapped there then. */
	return ret == -EFAULT ? -EAGAIN : ret;
}

int mdk_guest_copy(struct mdk_guest_pages *cache, enum mdk_dma_dir way, enum mdk_dma_dir pin_dir,
		   u64 addr, void *buf, u32 len)
{
	u32 done, piece;
	int ret = 0;

	if (!cache->nr || !mdk_ring_range_good(addr, len))
		return -EINVAL;
	for (done = 0; !ret && done < len; done += piece) {
		piece = mdk_ring_piece(addr + done, len - done, PAGE_SHIFT);
		ret = mdk_guest_copy_piece(cache, way, pin_dir, addr + done, buf + done, piece);
	}
	return ret;
}
