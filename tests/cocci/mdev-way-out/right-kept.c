// SPDX-License-Identifier: GPL-2.0-only
/* The same, given back; and krealloc() by a pointer of its own. */
#include <linux/anon_inodes.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct register_book {
	struct vfio_device vdev;
	struct eventfd_ctx *in, *out;
	u32 *lines, nr;
};

static const struct file_operations register_book_fops;

static int register_book_open(struct register_book *book)
{
	struct file *file;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("register", &register_book_fops, book, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static int register_book_bells(struct register_book *book, int in_fd, int out_fd)
{
	struct eventfd_ctx *in, *out;

	in = eventfd_ctx_fdget(in_fd);
	if (IS_ERR(in))
		return PTR_ERR(in);
	out = eventfd_ctx_fdget(out_fd);
	if (IS_ERR(out)) {
		eventfd_ctx_put(in);
		return PTR_ERR(out);
	}
	swap(book->in, in);
	swap(book->out, out);
	return 0;
}

static int register_book_grow(struct register_book *book, u32 nr)
{
	u32 *lines = krealloc(book->lines, nr * sizeof(u32), GFP_KERNEL);

	if (!lines)
		return -ENOMEM;
	book->lines = lines;
	book->nr = nr;
	return 0;
}

static int register_book_halve(struct register_book *book)
{
	u32 *old = book->lines;

	book->lines = krealloc(book->lines, book->nr * sizeof(u32) / 2, GFP_KERNEL);
	if (!book->lines) {
		book->lines = old;
		return -ENOMEM;
	}
	book->nr /= 2;
	return 0;
}
