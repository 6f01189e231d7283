// SPDX-License-Identifier: GPL-2.0-only
/* The length is cut at what is left of the whole, or not at all. */
#include <linux/highmem.h>
#include <linux/vfio.h>

struct scroll {
	struct vfio_device vdev;
	struct page *pages[8];
	u32 bytes;
};

static void scroll_read(struct scroll *scroll, u32 at, u8 *to, u32 len)
{
	u32 done = 0;

	while (done < len && at < scroll->bytes) {
		u32 part = min(len - done, scroll->bytes - at);
		void *page = kmap_local_page(scroll->pages[at >> PAGE_SHIFT]);

		memcpy(to + done, page + offset_in_page(at), part); /* finds: mdev-page-end */
		kunmap_local(page);
		done += part;
		at += part;
	}
}

static void scroll_write(struct scroll *scroll, u32 at, const u8 *from, u32 len)
{
	u32 offset = at & ~PAGE_MASK;
	u8 *page = page_address(scroll->pages[at >> PAGE_SHIFT]);
	u32 bytes = min(len, scroll->bytes);

	memcpy(page + offset, from, bytes); /* finds: mdev-page-end */
}

static int scroll_show(struct scroll *scroll, u32 at, void __user *to)
{
	u32 rest = scroll->bytes - at;
	u32 begin = at % PAGE_SIZE;
	u8 *page = page_address(scroll->pages[at / PAGE_SIZE]);

	return copy_to_user(to, page + begin, rest) ? -EFAULT : 0; /* finds: mdev-page-end */
}
