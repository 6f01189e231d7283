// SPDX-License-Identifier: GPL-2.0-only
/* A number, an eventfd, a reference by another name, memory whose pointer krealloc() overwrites. */
#include <linux/anon_inodes.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct guest_book {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head names;
	struct eventfd_ctx *in, *out;
	u32 *lines, nr;
};

struct visitor {
	struct kref ref;
	struct list_head node;
	u32 id;
	bool asleep;
};

static const struct file_operations guest_book_fops;

static int guest_book_open(struct guest_book *book)
{
	struct file *file;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("guest-book", &guest_book_fops, book, O_RDWR);
	if (IS_ERR(file))
		return PTR_ERR(file); /* finds: mdev-way-out */
	fd_install(fd, file);
	return fd;
}

static int guest_book_bells(struct guest_book *book, int in_fd, int out_fd)
{
	struct eventfd_ctx *in, *out;

	in = eventfd_ctx_fdget(in_fd);
	if (IS_ERR(in))
		return PTR_ERR(in);
	out = eventfd_ctx_fdget(out_fd);
	if (IS_ERR(out))
		return PTR_ERR(out); /* finds: mdev-way-out */
	swap(book->in, in);
	swap(book->out, out);
	return 0;
}

static void visitor_free(struct kref *ref)
{
	kfree(container_of(ref, struct visitor, ref));
}

static struct visitor *guest_book_find(struct guest_book *book, u32 id)
{
	struct visitor *visitor, *found = NULL;

	mutex_lock(&book->lock);
	list_for_each_entry(visitor, &book->names, node)
		if (visitor->id == id) {
			kref_get(&visitor->ref);
			found = visitor;
			break;
		}
	mutex_unlock(&book->lock);
	return found;
}

static int guest_book_wake(struct guest_book *book, u32 id)
{
	struct visitor *visitor = guest_book_find(book, id);

	if (!visitor)
		return -ENOENT;
	if (visitor->asleep)
		return -EAGAIN; /* finds: mdev-way-out */
	visitor->id++;
	kref_put(&visitor->ref, visitor_free);
	return 0;
}

static int guest_book_grow(struct guest_book *book, u32 nr)
{
	book->lines = krealloc(book->lines, nr * sizeof(u32), GFP_KERNEL); /* finds: mdev-way-out */
	if (!book->lines)
		return -ENOMEM;
	book->nr = nr;
	return 0;
}
