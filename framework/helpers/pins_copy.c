// SPDX-License-Identifier: GPL-2.0-only
/* Pinned pages as seen by the CPU: see pins.c. */
#include <linux/highmem.h>

#include "pin_cache.h"

u32 mdk_pinned_nr_pages(struct mdk_pinned *pinned)
{
	return mdk_handle_nr_pages(pinned);
}

struct page *mdk_pinned_page(struct mdk_pinned *pinned, u32 i)
{
	struct mdk_pin_entry *entry = pinned->entry;
	struct page *page;

	if (!mdk_pinned_alive(pinned) || i >= mdk_pinned_nr_pages(pinned))
		return NULL;
	page = entry->pages[(pinned->offset >> PAGE_SHIFT) + i];
	return mdk_cache_reaches(pinned->cache, page) ? page : NULL;
}

static bool mdk_is_word(u64 at, size_t n)
{
	return (n == 2 || n == 4 || n == 8) && IS_ALIGNED(at, n);
}

/*
 * A word that the guest may poll is stored at once. memcpy() may store a byte twice: a guest that
 * sees a "done" bit and clears it would see it set again. @guest is aligned, @buf need not be.
 */
static void mdk_word_write(void *guest, const void *buf, size_t n)
{
	u64 eight;
	u32 four;
	u16 two;

	if (n == 2) {
		memcpy(&two, buf, 2);
		WRITE_ONCE(*(u16 *)guest, two);
	} else if (n == 4) {
		memcpy(&four, buf, 4);
		WRITE_ONCE(*(u32 *)guest, four);
	} else {
		memcpy(&eight, buf, 8);
		WRITE_ONCE(*(u64 *)guest, eight);
	}
}

static void mdk_word_read(void *buf, const void *guest, size_t n)
{
	u64 eight;
	u32 four;
	u16 two;

	if (n == 2) {
		two = READ_ONCE(*(const u16 *)guest);
		memcpy(buf, &two, 2);
	} else if (n == 4) {
		four = READ_ONCE(*(const u32 *)guest);
		memcpy(buf, &four, 4);
	} else {
		eight = READ_ONCE(*(const u64 *)guest);
		memcpy(buf, &eight, 8);
	}
}

static void mdk_copy_page(struct page *page, u64 at, void *buf, size_t n, bool write)
{
	void *map = kmap_local_page(page), *guest = map + offset_in_page(at);
	bool word = mdk_is_word(at, n);

	if (word && write)
		mdk_word_write(guest, buf, n);
	else if (word)
		mdk_word_read(buf, guest, n);
	else if (write)
		memcpy(guest, buf, n);
	else
		memcpy(buf, guest, n);
	if (write)
		flush_dcache_page(page);
	kunmap_local(map);
}

/* At most to the end of a page. All loads and stores of pinned guest memory are here. */
static int mdk_copy_step(struct mdk_pinned *pinned, u64 at, void *buf, size_t n, bool write)
{
	struct mdk_pin_entry *entry = pinned->entry;
	int ret = 0;

	read_lock(&entry->access);
	if (READ_ONCE(pinned->cache->off))
		ret = -ESHUTDOWN;
	else if (entry->dead)
		ret = -EFAULT;
	else
		mdk_copy_page(entry->pages[at >> PAGE_SHIFT], at, buf, n, write);
	read_unlock(&entry->access);
	return ret;
}

static int mdk_pinned_copy(struct mdk_pinned *pinned, u64 offset, void *buf, size_t len, bool write)
{
	u64 at = pinned->offset + offset;
	size_t done, n;
	int ret = 0;

	if (offset > pinned->size || len > pinned->size - offset)
		return -EINVAL;
	if (!(pinned->dir & (write ? MDK_FROM_DEVICE : MDK_TO_DEVICE)))
		return -EPERM;
	for (done = 0; !ret && done < len; done += n) {
		n = min_t(size_t, len - done, PAGE_SIZE - offset_in_page(at + done));
		ret = mdk_copy_step(pinned, at + done, buf + done, n, write);
	}
	return ret;
}

int mdk_pinned_read(struct mdk_pinned *pinned, u64 offset, void *buf, size_t len)
{
	return mdk_pinned_copy(pinned, offset, buf, len, false);
}

int mdk_pinned_write(struct mdk_pinned *pinned, u64 offset, const void *buf, size_t len)
{
	return mdk_pinned_copy(pinned, offset, (void *)buf, len, true);
}
