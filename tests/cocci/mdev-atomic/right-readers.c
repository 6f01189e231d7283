// SPDX-License-Identifier: GPL-2.0-only
/* What sleeps comes behind; and what is mapped for this thread only may sleep. */
#include <linux/highmem.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct rack {
	struct vfio_device vdev;
	struct list_head books;
	struct mutex lock;
	u32 count;
};

struct rack_book {
	struct list_head next;
	u32 pages;
};

static long rack_read(struct rack *rack, void __user *to)
{
	struct rack_book *book;
	u32 pages = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(book, &rack->books, next) {
		pages = book->pages;
		break;
	}
	rcu_read_unlock();
	return copy_to_user(to, &pages, sizeof(pages)) ? -EFAULT : 0;
}

static void rack_count(struct rack *rack)
{
	unsigned long flags;

	local_irq_save(flags);
	rack->count++;
	local_irq_restore(flags);
	mutex_lock(&rack->lock);
	rack->count++;
	mutex_unlock(&rack->lock);
}

static long rack_write(struct page *page, const void __user *from)
{
	void *at = kmap_local_page(page);
	long left = copy_from_user(at, from, PAGE_SIZE);

	kunmap_local(at);
	return left ? -EFAULT : 0;
}
