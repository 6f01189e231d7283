// SPDX-License-Identifier: GPL-2.0-only
/*
 * Layer 2 pins: ranges of any size, pinned by calls to the bridge of at most MDEV_PIN_PAGES_MAX
 * pages each, shared by handles, killed by an unmap.
 *
 * An entry is a range that was pinned in one go; a handle refers to a part of an entry. An entry is
 * - pinning while its pages are being pinned: in the budget, but no handle refers to it yet;
 * - live: further handles can find it;
 * - dead from mdk_pin_cache_shut() on: no copy touches it; its pages stay pinned until
 *   mdk_pin_cache_release().
 * All of them are in the tree @all, so that a later unmap finds them.
 *
 * Invariant: the pages of a live entry are pinned in the bridge. The bridge unpins by itself only
 * in an unmap, after ops.quiesce, for which the entry was killed. From shut to release the gate of
 * the unmap keeps the range from being pinned anew. The gate opens some milliseconds later, and a
 * call for a pinning entry may pin only then. The bridge does not tell two pins of one iova apart:
 * so release first unpins what calls that returned have pinned, then what calls under way have.
 *
 * Locks, outer to inner: what VFIO and the bridge hold when they call quiesce; @lock; then
 * entry->access or the bridge's spinlock. @lock is never held across mdev_pin_pages(), which takes
 * VFIO's outer lock. entry->access guards @dead for copies, which may run in interrupts.
 */
#include <linux/interval_tree_generic.h>
#include <linux/slab.h>

#include "vfio_mdev/async.h"
#include "pin_cache.h"
#include "pins_private.h"

/*
 * Entries that overlap share pages of the budget, but each has a pointer for each of its pages. All
 * together have at most this many times the budget's pages.
 */
#define MDK_PIN_OVERLAP_MAX 4

static u64 mdk_entry_first(const struct mdk_pin_entry *entry)
{
	return entry->first;
}

static u64 mdk_entry_last(const struct mdk_pin_entry *entry)
{
	return entry->last;
}

INTERVAL_TREE_DEFINE(struct mdk_pin_entry, all, u64, all_last, mdk_entry_first, mdk_entry_last,
		     static, mdk_all)
INTERVAL_TREE_DEFINE(struct mdk_pin_entry, cover, u64, cover_last, mdk_entry_first,
		     mdk_entry_last, static __maybe_unused, mdk_cover)

/*
 * An entry that covers the range, in one descent of the tree: no entry of a left subtree begins
 * later than its parent node; so if that begins early enough, and an entry of the subtree reaches
 * @last, that entry is one.
 */
static struct mdk_pin_entry *mdk_cover_find(struct rb_root_cached *root, u64 first, u64 last)
{
	struct rb_node *node = root->rb_root.rb_node;

	while (node) {
		struct mdk_pin_entry *entry = rb_entry(node, struct mdk_pin_entry, cover);
		struct mdk_pin_entry *left = rb_entry_safe(node->rb_left, struct mdk_pin_entry,
							   cover);

		if (entry->cover_last < last)
			return NULL;
		if (entry->first > first || (left && left->cover_last >= last))
			node = node->rb_left;
		else if (entry->last >= last)
			return entry;
		else
			node = node->rb_right;
	}
	return NULL;
}

static struct mdk_pin_entry *mdk_cache_find(struct mdk_pin_cache *cache, u64 first, u64 last,
					    u32 dir)
{
	return mdk_cover_find(&cache->cover[dir], first, last) ?:
	       mdk_cover_find(&cache->cover[MDK_BOTH_WAYS], first, last);
}

/* The budget */

/* Pages of the range that no entry has; entries come in the order of their first byte. */
static u64 mdk_cache_uncovered(struct mdk_pin_cache *cache, u64 first, u64 last)
{
	struct mdk_pin_entry *entry = mdk_all_iter_first(&cache->all, first, last);
	u64 pages = 0;

	for (; entry; entry = mdk_all_iter_next(entry, first, last)) {
		if (entry->first > first)
			pages += (entry->first - first) >> PAGE_SHIFT;
		if (entry->last >= last)
			return pages;
		first = max(first, entry->last + 1);
	}
	return pages + ((last - first + 1) >> PAGE_SHIFT);
}

static int mdk_cache_insert(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	u64 more;

	lockdep_assert_held(&cache->lock);
	/* @off is set under this lock before the unmap: entries inserted earlier it will find. */
	if (cache->off)
		return -ESHUTDOWN;
	more = mdk_cache_uncovered(cache, entry->first, entry->last);
	/* Ranges that overlap pin nothing more, but each costs memory, and time in an unmap. */
	if (cache->stats.pages + more > cache->max_pages ||
	    cache->stats.ranges >= cache->max_pages ||
	    cache->named_pages + entry->nr_pages > (u64)cache->max_pages * MDK_PIN_OVERLAP_MAX)
		return -ENOSPC;
	cache->named_pages += entry->nr_pages;
	cache->stats.pages += more;
	cache->stats.ranges++;
	mdk_all_insert(entry, &cache->all);
	return 0;
}

static void mdk_cache_remove(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	lockdep_assert_held(&cache->lock);
	mdk_all_remove(entry, &cache->all);
	RB_CLEAR_NODE(&entry->all);
	cache->stats.pages -= mdk_cache_uncovered(cache, entry->first, entry->last);
	cache->stats.ranges--;
	cache->named_pages -= entry->nr_pages;
}

/* Entries */

static struct mdk_pin_entry *mdk_entry_alloc(u64 first, u64 last, u32 dir)
{
	struct mdk_pin_entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);

	if (!entry)
		return NULL;
	entry->first = first;
	entry->last = last;
	entry->dir = dir;
	entry->nr_pages = (last - first + 1) >> PAGE_SHIFT;
	entry->pinning = true;
	rwlock_init(&entry->access);
	INIT_LIST_HEAD(&entry->handles);
	entry->pages = kvmalloc_array(entry->nr_pages, sizeof(*entry->pages), GFP_KERNEL_ACCOUNT);
	if (!entry->pages) {
		kfree(entry);
		return NULL;
	}
	return entry;
}

static void mdk_entry_free(struct mdk_pin_entry *entry)
{
	kvfree(entry->pages);
	kfree(entry);
}

static int mdk_call_pages(u32 left)
{
	return min_t(u32, left, MDEV_PIN_PAGES_MAX);
}

static u64 mdk_entry_iova(const struct mdk_pin_entry *entry, u32 page)
{
	return entry->first + ((u64)page << PAGE_SHIFT);
}

/* Unpins what calls that have returned pinned, with the ranges of those calls. */
static void mdk_entry_unpin(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	u32 page;
	int n;

	lockdep_assert_held(&cache->lock);
	for (page = 0; page < entry->nr_pinned; page += n) {
		n = mdk_call_pages(entry->nr_pinned - page);
		mdev_unpin_pages(cache->mdev, mdk_entry_iova(entry, page), n);
	}
	entry->nr_pinned = 0;
}

/*
 * The pin call under way may have pinned already and not returned yet. That is unpinned here, and
 * at most once: later another entry may have pinned the iova, and the two cannot be told apart.
 */
static void mdk_entry_unpin_call(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	lockdep_assert_held(&cache->lock);
	if (entry->nr_in_call && !entry->call_taken)
		entry->call_taken = mdev_unpin_pages(cache->mdev,
						     mdk_entry_iova(entry, entry->call_page),
						     entry->nr_in_call) > 0;
}

/* Afterwards no copy runs, and no new handle finds the entry. */
static void mdk_entry_kill(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	struct mdk_pinned *pinned;
	unsigned long flags;

	lockdep_assert_held(&cache->lock);
	if (entry->dead)
		return;
	write_lock_irqsave(&entry->access, flags);
	WRITE_ONCE(entry->dead, true);
	write_unlock_irqrestore(&entry->access, flags);
	cache->stats.killed++;
	if (!entry->pinning)
		mdk_cover_remove(entry, &cache->cover[entry->dir]);
	list_for_each_entry(pinned, &entry->handles, link)
		if (pinned->died)
			pinned->died(pinned->died_data);
}

/* The entry has no handle. */
static void mdk_entry_drop(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	mdk_entry_unpin(cache, entry);
	mdk_cache_remove(cache, entry);
	mdk_entry_free(entry);
}

/* Pinning */

static int mdk_entry_call_begin(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry, u32 page,
				int n)
{
	int ret = 0;

	mutex_lock(&cache->lock);
	if (entry->dead) {
		ret = -EAGAIN;
	} else {
		entry->call_page = page;
		entry->nr_in_call = n;
	}
	mutex_unlock(&cache->lock);
	return ret;
}

/* Return: @got, or -EAGAIN when an unmap has killed the entry meanwhile. */
static int mdk_entry_call_end(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry, int got)
{
	mutex_lock(&cache->lock);
	if (got > 0 && entry->dead) {
		mdk_entry_unpin_call(cache, entry);
		got = -EAGAIN;
	} else if (got > 0) {
		entry->nr_pinned += got;
	}
	entry->nr_in_call = 0;
	cache->stats.pins += got > 0;
	mutex_unlock(&cache->lock);
	return got;
}

/* @dir is IOMMU_READ and IOMMU_WRITE, seen from the device. */
static int mdk_cache_pin(struct mdk_pin_cache *cache, u64 iova, int n, int dir,
			 struct page **pages)
{
	if (cache->cancel)
		return mdk_mdev_pin_pages_apart(cache->mdev, iova, n, dir, pages, cache->cancel);
	return mdev_pin_pages(cache->mdev, iova, n, dir, pages);
}

static int mdk_entry_pin(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	u32 page;
	int n, ret;

	for (page = 0; page < entry->nr_pages; page += n) {
		n = mdk_call_pages(entry->nr_pages - page);
		ret = mdk_entry_call_begin(cache, entry, page, n);
		if (ret)
			return ret;
		ret = mdk_cache_pin(cache, mdk_entry_iova(entry, page), n, entry->dir,
				    entry->pages + page);
		ret = mdk_entry_call_end(cache, entry, ret);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void mdk_handle_attach(struct mdk_pinned *pinned, struct mdk_pin_entry *entry, u64 iova)
{
	lockdep_assert_held(&pinned->cache->lock);
	pinned->entry = entry;
	pinned->offset = iova - entry->first;
	list_add(&pinned->link, &entry->handles);
	entry->refs++;
}

static bool mdk_handle_hit(struct mdk_pinned *pinned, u64 iova)
{
	struct mdk_pin_cache *cache = pinned->cache;
	struct mdk_pin_entry *entry;

	mutex_lock(&cache->lock);
	entry = cache->off ? NULL :
		mdk_cache_find(cache, iova, iova + (pinned->size - 1), pinned->dir);
	if (entry) {
		mdk_handle_attach(pinned, entry, iova);
		cache->stats.hits++;
	}
	mutex_unlock(&cache->lock);
	return entry;
}

/* The entry becomes live with its first handle, or is freed. @ret: of mdk_entry_pin(). */
static int mdk_entry_pinned(struct mdk_pin_entry *entry, struct mdk_pinned *pinned, u64 iova,
			    int ret)
{
	struct mdk_pin_cache *cache = pinned->cache;

	mutex_lock(&cache->lock);
	entry->pinning = false;
	if (!ret && entry->dead)
		ret = -EAGAIN;
	if (!ret) {
		mdk_cover_insert(entry, &cache->cover[entry->dir]);
		mdk_handle_attach(pinned, entry, iova);
	} else {
		mdk_entry_drop(cache, entry);
	}
	mutex_unlock(&cache->lock);
	return ret;
}

static int mdk_handle_pin(struct mdk_pinned *pinned, u64 iova)
{
	struct mdk_pin_cache *cache = pinned->cache;
	u64 first = iova & PAGE_MASK, last = (iova + (pinned->size - 1)) | ~PAGE_MASK;
	struct mdk_pin_entry *entry;
	int ret;

	/* Checked before an array of so many page pointers is allocated. */
	if ((last - first) >> PAGE_SHIFT >= cache->max_pages)
		return -ENOSPC;
	entry = mdk_entry_alloc(first, last, pinned->dir);
	if (!entry)
		return -ENOMEM;

	mutex_lock(&cache->lock);
	ret = mdk_cache_insert(cache, entry);
	mutex_unlock(&cache->lock);
	if (ret) {
		mdk_entry_free(entry);
		return ret;
	}
	ret = mdk_entry_pin(cache, entry);
	return mdk_entry_pinned(entry, pinned, iova, ret);
}

static void mdk_cache_free(struct kref *kref)
{
	struct mdk_pin_cache *cache = container_of(kref, struct mdk_pin_cache, kref);

	mutex_destroy(&cache->lock);
	kfree(cache);
}

static void mdk_handle_free(struct mdk_pinned *pinned)
{
	kref_put(&pinned->cache->kref, mdk_cache_free);
	kfree(pinned);
}

struct mdk_pinned *mdk_pin_cache_pin(struct mdk_pin_cache *cache, u64 iova, u64 size,
				     enum mdk_dma_dir dir)
{
	struct mdk_pinned *pinned;
	u64 last;
	int ret;

	if (!size || check_add_overflow(iova, size - 1, &last) || !dir || dir & ~MDK_BOTH_WAYS)
		return ERR_PTR(-EINVAL);
	pinned = kzalloc(sizeof(*pinned), GFP_KERNEL_ACCOUNT);
	if (!pinned)
		return ERR_PTR(-ENOMEM);
	kref_get(&cache->kref);
	pinned->cache = cache;
	pinned->size = size;
	pinned->dir = dir;
	if (mdk_handle_hit(pinned, iova))
		return pinned;

	ret = mdk_handle_pin(pinned, iova);
	/* Killed while it was pinned, since the device is off: trying again is of no use. */
	if (ret == -EAGAIN && READ_ONCE(cache->off))
		ret = -ESHUTDOWN;
	if (ret) {
		mdk_handle_free(pinned);
		return ERR_PTR(ret);
	}
	return pinned;
}

void mdk_unpin(struct mdk_pinned *pinned)
{
	struct mdk_pin_cache *cache;
	struct mdk_pin_entry *entry;

	if (IS_ERR_OR_NULL(pinned))
		return;
	cache = pinned->cache;
	entry = pinned->entry;

	mutex_lock(&cache->lock);
	mdk_handle_unmap(pinned);
	list_del(&pinned->link);
	if (!--entry->refs) {
		if (!entry->dead) {
			mdk_cover_remove(entry, &cache->cover[entry->dir]);
			mdk_entry_drop(cache, entry);
		} else if (RB_EMPTY_NODE(&entry->all)) {
			mdk_entry_free(entry);
		}
		/* Else an unmap is between shut and release, which frees the entry. */
	}
	mutex_unlock(&cache->lock);

	mdk_sgt_free(pinned->sgt);
	mdk_handle_free(pinned);
}

bool mdk_pinned_alive(struct mdk_pinned *pinned)
{
	/* While the cache is off its entries are about to be killed. */
	return !READ_ONCE(pinned->entry->dead) && !READ_ONCE(pinned->cache->off);
}

void mdk_pinned_watch(struct mdk_pinned *pinned, void (*fn)(void *data), void *data)
{
	struct mdk_pin_cache *cache = pinned->cache;

	mutex_lock(&cache->lock);
	pinned->died = fn;
	pinned->died_data = data;
	if (pinned->entry->dead)
		fn(data);
	mutex_unlock(&cache->lock);
}

/* Unmap */

static u64 mdk_range_last(u64 iova, u64 size)
{
	u64 last;

	return check_add_overflow(iova, size - 1, &last) ? U64_MAX : last;
}

bool mdk_pin_cache_shut(struct mdk_pin_cache *cache, u64 iova, u64 size, u64 *first, u64 *length)
{
	u64 last = mdk_range_last(iova, size), lowest = iova, highest = last;
	struct mdk_pin_entry *entry;
	bool used = false;

	mutex_lock(&cache->lock);
	entry = mdk_all_iter_first(&cache->all, iova, last);
	for (; entry; entry = mdk_all_iter_next(entry, iova, last)) {
		mdk_entry_kill(cache, entry);
		lowest = min(lowest, entry->first);
		highest = max(highest, entry->last);
		used |= !entry->pinning;
	}
	mutex_unlock(&cache->lock);

	*first = lowest;
	*length = min(highest - lowest, U64_MAX - 1) + 1;
	return used;
}

static void mdk_entry_release_finished(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	struct mdk_pinned *pinned;

	list_for_each_entry(pinned, &entry->handles, link)
		mdk_handle_unmap(pinned);
	mdk_entry_unpin(cache, entry);
}

static void mdk_entry_release_rest(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry)
{
	mdk_entry_unpin_call(cache, entry);
	/* mdk_entry_pinned() takes it off the tree; until then a further unmap must find it. */
	if (entry->pinning)
		return;
	mdk_cache_remove(cache, entry);
	if (!entry->refs)
		mdk_entry_free(entry);
}

static void mdk_dead_each(struct mdk_pin_cache *cache, u64 iova, u64 size,
			  void (*act)(struct mdk_pin_cache *cache, struct mdk_pin_entry *entry))
{
	u64 last = mdk_range_last(iova, size);
	struct mdk_pin_entry *entry, *next;

	lockdep_assert_held(&cache->lock);
	for (entry = mdk_all_iter_first(&cache->all, iova, last); entry; entry = next) {
		next = mdk_all_iter_next(entry, iova, last);
		if (entry->dead)
			act(cache, entry);
	}
}

void mdk_pin_cache_release(struct mdk_pin_cache *cache, u64 iova, u64 size)
{
	mutex_lock(&cache->lock);
	mdk_dead_each(cache, iova, size, mdk_entry_release_finished);
	mdk_dead_each(cache, iova, size, mdk_entry_release_rest);
	mutex_unlock(&cache->lock);
}

void mdk_pin_cache_release_all(struct mdk_pin_cache *cache)
{
	u64 first, length;

	mdk_pin_cache_shut(cache, 0, U64_MAX, &first, &length);
	mdk_pin_cache_release(cache, 0, U64_MAX);
}

/* Life */

struct mdk_pin_cache *mdk_pin_cache_alloc(struct mdev_device *mdev, struct device *dma,
					  u32 max_pages)
{
	struct mdk_pin_cache *cache = kzalloc(sizeof(*cache), GFP_KERNEL);
	u32 dir;

	if (!cache)
		return NULL;
	kref_init(&cache->kref);
	mutex_init(&cache->lock);
	cache->mdev = mdev;
	cache->dma = dma;
	cache->max_pages = max_pages;
	cache->all = RB_ROOT_CACHED;
	for (dir = 0; dir <= MDK_BOTH_WAYS; dir++)
		cache->cover[dir] = RB_ROOT_CACHED;
	return cache;
}

void mdk_pin_cache_free(struct mdk_pin_cache *cache)
{
	if (!cache)
		return;
	mdk_pin_cache_release_all(cache);
	kref_put(&cache->kref, mdk_cache_free);
}

void mdk_pin_cache_set_cancel(struct mdk_pin_cache *cache, struct mdv_cancel *cancel)
{
	cache->cancel = cancel;
}

void mdk_pin_cache_set_off(struct mdk_pin_cache *cache, bool off)
{
	mutex_lock(&cache->lock);
	WRITE_ONCE(cache->off, off);
	mutex_unlock(&cache->lock);
}

void mdk_pin_cache_set_device(struct mdk_pin_cache *cache, struct device *dma)
{
	cache->dma = dma;
}

void mdk_pin_cache_stats(struct mdk_pin_cache *cache, struct mdk_pin_stats *stats)
{
	mutex_lock(&cache->lock);
	*stats = cache->stats;
	mutex_unlock(&cache->lock);
}
