/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the pin cache share; rules and locks: pins.c. */
#ifndef MDK_PIN_CACHE_H
#define MDK_PIN_CACHE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>

#include <mdev_sdk/mdev.h>
#include <mdk/pins.h>

struct mdv_cancel;

/**
 * struct mdk_pin_entry - pages pinned in one go
 * @all: in mdk_pin_cache.all
 * @all_last: highest @last below @all
 * @cover: in mdk_pin_cache.cover, when live
 * @cover_last: highest @last below @cover
 * @first: first byte, page aligned
 * @last: last byte, inclusive
 * @nr_pages: pages
 * @nr_pinned: how many of them, from the first on, are pinned by calls that have returned
 * @call_page: first page of the call under way
 * @nr_in_call: pages of the call under way; 0: none is
 * @dir: see enum mdk_dma_dir
 * @refs: number of handles; under the cache's lock, like every member without a rule of its own
 * @pinning: mdk_pin_cache_pin() still works on it, and frees it if it does not become live
 * @call_taken: an unmap has unpinned what the call under way had pinned
 * @access: for reading: a copy; for writing: to set @dead
 * @dead: an unmap has killed it: no copy and no new handle any more
 * @handles: of struct mdk_pinned
 * @pages: never changes once live
 */
struct mdk_pin_entry {
	struct rb_node all;
	u64 all_last;
	struct rb_node cover;
	u64 cover_last;
	u64 first;
	u64 last;
	u32 nr_pages;
	u32 nr_pinned;
	u32 call_page;
	u32 nr_in_call;
	u32 dir;
	u32 refs;
	bool pinning;
	bool call_taken;
	rwlock_t access;
	bool dead;
	struct list_head handles;
	struct page **pages;
};

/**
 * struct mdk_pin_cache - the pins of one mediated device
 * @kref: its owner and each handle
 * @mdev: not used while nothing is pinned: handles may outlive it
 * @dma: for scatter lists, or NULL
 * @cancel: ends the wait of a pin for VFIO; NULL: nothing does
 * @off: the guest has switched the device off; written under @lock
 * @max_pages: the budget
 * @named_pages: sum of the entries' @nr_pages: a page in two entries counts twice
 * @lock: see pins.c
 * @all: every entry
 * @cover: the live ones, by direction
 * @stats: counters; pages are the budget's use
 * @told: what mdk_reach_tell() has printed
 */
struct mdk_pin_cache {
	struct kref kref;
	struct mdev_device *mdev;
	struct device *dma;
	struct mdv_cancel *cancel;
	bool off;
	u32 max_pages;
	u64 named_pages;
	struct mutex lock;
	struct rb_root_cached all;
	struct rb_root_cached cover[MDK_BOTH_WAYS + 1];
	struct mdk_pin_stats stats;
	unsigned long told;
};

/**
 * struct mdk_pinned - a handle
 * @cache: referenced
 * @entry: referenced
 * @link: in @entry's handles
 * @offset: of the range in the entry
 * @size: of the range
 * @dir: may be less than the entry's
 * @sgt: made by mdk_pinned_sgt()
 * @mapped: @sgt is mapped for the cache's @dma
 * @died: called when @entry dies, or NULL; see mdk_pinned_watch()
 * @died_data: for @died
 */
struct mdk_pinned {
	struct mdk_pin_cache *cache;
	struct mdk_pin_entry *entry;
	struct list_head link;
	u64 offset;
	u64 size;
	u32 dir;
	struct sg_table *sgt;
	bool mapped;
	void (*died)(void *data);
	void *died_data;
};

static inline u32 mdk_handle_nr_pages(const struct mdk_pinned *pinned)
{
	return (offset_in_page(pinned->offset) + pinned->size - 1) / PAGE_SIZE + 1;
}

/* pins_sg.c. Context: the cache's lock is held; the list itself stays until mdk_sgt_free(). */
void mdk_handle_unmap(struct mdk_pinned *pinned);
void mdk_sgt_free(struct sg_table *sgt);
/* The cache's DMA device reaches the page, or there is none with a mask. Context: any. */
bool mdk_cache_reaches(struct mdk_pin_cache *cache, struct page *page);

#endif
