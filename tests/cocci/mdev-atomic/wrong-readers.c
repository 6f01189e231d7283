// SPDX-License-Identifier: GPL-2.0-only
/* No spinlock, and yet nothing may sleep: a reader of RCU, a short mapping, interrupts off. */
#include <linux/highmem.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct shelf {
	struct vfio_device vdev;
	struct list_head books;
	struct mutex lock;
	u32 count;
};

struct shelf_book {
	struct list_head next;
	u32 pages;
};

static long shelf_read(struct shelf *shelf, void __user *to)
{
	struct shelf_book *book;
	long ret = -ENOENT;

	rcu_read_lock();
	list_for_each_entry_rcu(book, &shelf->books, next) {
		ret = copy_to_user(to, &book->pages, sizeof(u32)) ? -EFAULT : 0; /* finds: mdev-atomic */
		break;
	}
	rcu_read_unlock();
	return ret;
}

static void shelf_note(struct shelf *shelf)
{
	mutex_lock(&shelf->lock);
	shelf->count++;
	mutex_unlock(&shelf->lock);
}

static void shelf_count(struct shelf *shelf)
{
	unsigned long flags;

	local_irq_save(flags);
	shelf_note(shelf); /* finds: mdev-atomic */
	local_irq_restore(flags);
}

static long shelf_write(struct page *page, const void __user *from)
{
	void *at = kmap_atomic(page);
	long left = copy_from_user(at, from, PAGE_SIZE); /* finds: mdev-atomic */

	kunmap_atomic(at);
	return left ? -EFAULT : 0;
}
