/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages of guest memory that stay pinned between uses, and copies through them. */
#ifndef MDK_GUEST_PAGES_H
#define MDK_GUEST_PAGES_H

#include <mdk/pin.h>

#define MDK_GUEST_PAGES_MAX 4096

/**
 * struct mdk_guest_page - a pinned page
 * @iova: its address
 * @dir: how it is pinned
 * @pinned: NULL: there is none
 */
struct mdk_guest_page {
	u64 iova;
	u32 dir;
	struct mdk_pinned *pinned;
};

/**
 * struct mdk_guest_pages - a direct-mapped cache, by page number
 * @dev: the instance
 * @nr: entries of @pages, a power of two
 * @pages: the entries
 *
 * That limits what a guest can have pinned, and a copy costs no search. Under the instance's lock.
 */
struct mdk_guest_pages {
	struct mdk_dev *dev;
	u32 nr;
	struct mdk_guest_page *pages;
};

/* Unpins all. */
void mdk_guest_pages_drop(struct mdk_guest_pages *cache);

/*
 * Copies to guest memory (MDK_FROM_DEVICE) or out of it (MDK_TO_DEVICE). @pin_dir: how pages are
 * pinned, at least that way. Return: as mdk_ring_read().
 */
int mdk_guest_copy(struct mdk_guest_pages *cache, enum mdk_dma_dir way, enum mdk_dma_dir pin_dir,
		   u64 addr, void *buf, u32 len);

#endif /* MDK_GUEST_PAGES_H */
