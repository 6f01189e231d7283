// SPDX-License-Identifier: GPL-2.0-only
/* Cut at the page's end by min(), by a test, by its making; a caller's length; a fixed place. */
#include <linux/highmem.h>
#include <linux/vfio.h>

struct tablet {
	struct vfio_device vdev;
	struct page *pages[8];
	u32 bytes;
};

static void tablet_read(struct tablet *tablet, u32 at, u8 *to, u32 len)
{
	u32 done = 0;

	while (done < len && at < tablet->bytes) {
		u32 part = min_t(u32, len - done, PAGE_SIZE - offset_in_page(at));
		void *page = kmap_local_page(tablet->pages[at >> PAGE_SHIFT]);

		memcpy(to + done, page + offset_in_page(at), part);
		kunmap_local(page);
		done += part;
		at += part;
	}
}

static int tablet_write(struct tablet *tablet, u32 at, const u8 *from, u32 len)
{
	u32 offset = offset_in_page(at), bytes = len;
	u8 *page = page_address(tablet->pages[at >> PAGE_SHIFT]);

	if (bytes > PAGE_SIZE - offset)
		return -EINVAL;
	memcpy(page + offset, from, bytes);
	return 0;
}

static void tablet_part(struct tablet *tablet, u32 at, const u8 *from, u32 len)
{
	u8 *page = page_address(tablet->pages[at >> PAGE_SHIFT]);

	memcpy(page + offset_in_page(at), from, len);
}

static void tablet_head(struct tablet *tablet, const u8 *from)
{
	u32 bytes = tablet->bytes;
	u8 *page = page_address(tablet->pages[0]);

	memcpy(page, from, bytes);
}
