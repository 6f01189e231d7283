// SPDX-License-Identifier: GPL-2.0-only
/* The helper lets go of the lock, is told not to sleep, or is called behind the guard. */
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
	struct mutex pages_lock;
	struct timer_list timer;
	struct list_head notes;
	struct work_struct print;
	u32 count;
};

static char *book_text(u32 size, gfp_t flags)
{
	return kzalloc(size, flags);
}

static struct note *book_note(u32 size, gfp_t flags)
{
	struct note *note = kzalloc(sizeof(*note), flags);

	if (note)
		note->text = book_text(size, flags);
	return note;
}

static void book_wait(struct book *book, bool atomic)
{
	if (atomic)
		udelay(10);
	else
		msleep(10);
}

static void book_add(struct book *book, u32 size)
{
	struct note *note = book_note(size, GFP_KERNEL);

	if (!note)
		return;
	scoped_guard(spinlock_irqsave, &book->lock) {
		list_add(&note->node, &book->notes);
		book->count++;
	}
	flush_work(&book->print);
}

static int book_add_now(struct book *book, u32 size)
{
	struct note *note;

	guard(spinlock)(&book->lock);
	book_wait(book, true);
	note = book_note(size, GFP_ATOMIC);
	if (!note)
		return -ENOMEM;
	list_add(&note->node, &book->notes);
	return 0;
}

static void book_rest(struct book *book)
	__must_hold(&book->lock)
{
	spin_unlock(&book->lock);
	flush_work(&book->print);
	spin_lock(&book->lock);
}

static u32 book_count(struct book *book)
{
	u32 count;

	spin_lock(&book->lock);
	if (book->count)
		book_rest(book);
	count = book->count;
	spin_unlock(&book->lock);
	mutex_lock(&book->pages_lock);
	count += book->count;
	mutex_unlock(&book->pages_lock);
	return count;
}

static void book_turn(struct timer_list *timer)
{
	struct book *book = from_timer(book, timer, timer);

	if (mutex_trylock(&book->pages_lock)) {
		book->count++;
		mutex_unlock(&book->pages_lock);
	}
	schedule_work(&book->print);
}

static int book_open(struct vfio_device *vdev)
{
	struct book *book = container_of(vdev, struct book, vdev);

	timer_setup(&book->timer, book_turn, 0);
	return 0;
}

static void book_close(struct vfio_device *vdev)
{
	struct book *book = container_of(vdev, struct book, vdev);

	timer_delete_sync(&book->timer);
	cancel_work_sync(&book->print);
}
