// SPDX-License-Identifier: GPL-2.0-only
/* What sleeps is in a helper, and the lock is a guard's, a local pointer's, or a timer's. */
#include <linux/cleanup.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vfio.h>

struct note {
	struct list_head node;
	char *text;
};

struct book {
	struct vfio_device vdev;
	spinlock_t lock;
	rwlock_t index_lock;
	struct mutex pages_lock;
	struct timer_list timer;
	struct list_head notes;
	struct work_struct print;
	u32 count;
};

static char *book_text(u32 size)
{
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

static struct note *book_note(u32 size)
{
	struct note *note = kzalloc(sizeof(*note), GFP_ATOMIC);

	if (note)
		note->text = book_text(size);
	return note;
}

static void book_add(struct book *book, u32 size)
{
	struct note *note;

	guard(spinlock_irqsave)(&book->lock);
	note = book_note(size); /* finds: mdev-atomic */
	if (note)
		list_add(&note->node, &book->notes);
}

static void book_settle(struct book *book)
{
	flush_work(&book->print);
	book->count = 0;
}

static void book_close(struct vfio_device *vdev)
{
	struct book *book = container_of(vdev, struct book, vdev);
	spinlock_t *lock = &book->lock;

	scoped_guard(spinlock, &book->lock) {
		book->count++;
		book_settle(book); /* finds: mdev-atomic */
	}
	spin_lock_bh(lock);
	if (book->count)
		book_settle(book); /* finds: mdev-atomic */
	spin_unlock_bh(lock);
}

static u32 book_pages(struct book *book)
{
	u32 count;

	mutex_lock(&book->pages_lock);
	count = book->count;
	mutex_unlock(&book->pages_lock);
	return count;
}

static void book_turn(struct timer_list *timer)
{
	struct book *book = from_timer(book, timer, timer);

	if (book_pages(book)) /* finds: mdev-atomic */
		mod_timer(&book->timer, jiffies + HZ);
}

static int book_open(struct vfio_device *vdev)
{
	struct book *book = container_of(vdev, struct book, vdev);

	timer_setup(&book->timer, book_turn, 0);
	return 0;
}

static void book_stop(struct book *book)
{
	timer_delete_sync(&book->timer);
}

static u32 book_find(struct book *book, u32 nr)
{
	u32 found = 0;

	read_lock(&book->index_lock);
	if (nr < 16)
		found = book_pages(book); /* finds: mdev-atomic */
	read_unlock(&book->index_lock);
	return found;
}
