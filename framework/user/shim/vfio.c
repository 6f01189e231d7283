// SPDX-License-Identifier: GPL-2.0-only
/* Eventfds, and helpers of VFIO. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <user/vfio.h>

#include "../device.h"
#include "private.h"
#include "virtual.h"

/* The C library's. */
#undef snprintf
#undef vsnprintf

struct eventfd_ctx {
	int fd;
};

/* In the handler of a virqfd, as in the kernel inside the wake-up of an eventfd. */
static __thread bool in_wakeup;

static int check_eventfd(int fd)
{
	char path[40], what[40] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, what, sizeof(what) - 1) < 0)
		return -EBADF;
	return strcmp(what, "anon_inode:[eventfd]") ? -EINVAL : 0;
}

static int eventfd_dup(int fd)
{
	int ret = check_eventfd(fd);

	if (ret)
		return ret;
	ret = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return ret < 0 ? -errno : ret;
}

struct eventfd_ctx *eventfd_ctx_fdget(int fd)
{
	struct eventfd_ctx *ctx;

	fd = eventfd_dup(fd);
	if (fd < 0)
		return ERR_PTR(fd);
	ctx = malloc(sizeof(*ctx));
	if (!ctx) {
		close(fd);
		return ERR_PTR(-ENOMEM);
	}
	ctx->fd = fd;
	return ctx;
}

void eventfd_ctx_put(struct eventfd_ctx *ctx)
{
	close(ctx->fd);
	free(ctx);
}

/* Never waits: a count at its end, which a client can bring about, stays there. */
void eventfd_signal(struct eventfd_ctx *ctx)
{
	struct pollfd room = { .fd = ctx->fd, .events = POLLOUT };
	u64 one = 1;

	if (poll(&room, 1, 0) == 1 && write(ctx->fd, &one, sizeof(one)) < 0)
		return;
	if (user_virtual_on)
		user_virtual_kick();
}

bool eventfd_signal_allowed(void)
{
	return !in_wakeup;
}

/* A thread that waits for one eventfd. */
struct virqfd {
	pthread_t thread;
	int fd;
	int stop;
	void *opaque;
	void *data;
	int (*handler)(void *opaque, void *data);
	void (*then)(void *opaque, void *data);
};

static void virqfd_fire(struct virqfd *virqfd)
{
	unsigned long flags;
	int ret = 1;

	if (virqfd->handler) {
		preempt_disable();
		local_irq_save(flags);
		in_wakeup = true;
		ret = virqfd->handler(virqfd->opaque, virqfd->data);
		in_wakeup = false;
		local_irq_restore(flags);
		preempt_enable();
	}
	if (ret && virqfd->then)
		virqfd->then(virqfd->opaque, virqfd->data);
}

static void *virqfd_serve(void *data)
{
	struct virqfd *virqfd = data;
	struct pollfd fds[] = {
		{ .fd = virqfd->stop, .events = POLLIN },
		{ .fd = virqfd->fd, .events = POLLIN },
	};
	u64 count;

	for (;;) {
		user_poll(fds, 2);
		if (fds[0].revents)
			return NULL;
		if (fds[1].revents & POLLIN && read(virqfd->fd, &count, sizeof(count)) > 0)
			virqfd_fire(virqfd);
		else if (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))
			fds[1].fd = -1;
	}
}

int vfio_virqfd_enable(void *opaque, int (*handler)(void *opaque, void *data),
		       void (*then)(void *opaque, void *data), void *data,
		       struct virqfd **out, int fd)
{
	struct virqfd *virqfd;

	if (*out)
		return -EBUSY;
	fd = eventfd_dup(fd);
	if (fd < 0)
		return fd;
	virqfd = calloc(1, sizeof(*virqfd));
	if (!virqfd) {
		close(fd);
		return -ENOMEM;
	}
	*virqfd = (struct virqfd){ .fd = fd, .stop = eventfd(0, EFD_CLOEXEC), .opaque = opaque,
				   .data = data, .handler = handler, .then = then };
	*out = virqfd;
	user_thread(virqfd_serve, virqfd, &virqfd->thread);
	return 0;
}

void vfio_virqfd_disable(struct virqfd **out)
{
	struct virqfd *virqfd = *out;
	u64 one = 1;

	if (!virqfd)
		return;
	*out = NULL;
	if (write(virqfd->stop, &one, sizeof(one)) < 0)
		user_bug(__FILE__, __LINE__, "a virqfd cannot be stopped");
	if (user_virtual_on)
		user_virtual_kick();
	user_thread_join(virqfd->thread);
	close(virqfd->stop);
	close(virqfd->fd);
	free(virqfd);
}

/* Capabilities follow each other, each at a multiple of 8 bytes. */
struct vfio_info_cap_header *vfio_info_cap_add(struct vfio_info_cap *caps, size_t size, u16 id,
					       u16 version)
{
	size_t room = ALIGN(size, sizeof(u64)), at = 0;
	char *grown = krealloc(caps->buf, caps->size + room, GFP_KERNEL);
	struct vfio_info_cap_header *header;

	if (!grown) {
		kfree(caps->buf);
		caps->buf = NULL;
		caps->size = 0;
		return ERR_PTR(-ENOMEM);
	}
	memset(grown + caps->size, 0, room);
	caps->buf = (struct vfio_info_cap_header *)grown;
	header = (void *)(grown + caps->size);
	header->id = id;
	header->version = version;
	if (caps->size) {
		while (((struct vfio_info_cap_header *)(grown + at))->next)
			at = ((struct vfio_info_cap_header *)(grown + at))->next;
		((struct vfio_info_cap_header *)(grown + at))->next = caps->size;
	}
	caps->size += room;
	return header;
}

int vfio_info_add_capability(struct vfio_info_cap *caps, struct vfio_info_cap_header *cap,
			     size_t size)
{
	struct vfio_info_cap_header *header = vfio_info_cap_add(caps, size, cap->id, cap->version);

	if (IS_ERR(header))
		return PTR_ERR(header);
	memcpy(header + 1, cap + 1, size - sizeof(*header));
	return 0;
}

void vfio_info_cap_shift(struct vfio_info_cap *caps, size_t offset)
{
	char *at = (char *)caps->buf;
	u32 next = 1;

	while (next && caps->size) {
		next = ((struct vfio_info_cap_header *)at)->next;
		if (next)
			((struct vfio_info_cap_header *)at)->next = next + offset;
		at = (char *)caps->buf + next;
	}
}

/* The header alone; the size of what has to follow it. */
int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *hdr, int num_irqs, int max_irq_type,
				       size_t *data_size)
{
	static const u8 sizes[] = { 0, sizeof(u8), sizeof(s32) };
	u32 data = hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK, kind = data >> 1;
	size_t minsz = offsetofend(struct vfio_irq_set, count);

	*data_size = 0;
	if (hdr->argsz < minsz || hdr->index >= (u32)max_irq_type)
		return -EINVAL;
	if (hdr->flags & ~(VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK))
		return -EINVAL;
	if (hdr->count > U32_MAX - hdr->start || hdr->start >= (u32)num_irqs ||
	    hdr->start + hdr->count > (u32)num_irqs)
		return -EINVAL;
	if (data & (data - 1) || !data)
		return -EINVAL;
	kind = data == VFIO_IRQ_SET_DATA_NONE ? 0 : data == VFIO_IRQ_SET_DATA_BOOL ? 1 : 2;
	if (kind && hdr->argsz - minsz < (size_t)hdr->count * sizes[kind])
		return -EINVAL;
	*data_size = (size_t)hdr->count * sizes[kind];
	return 0;
}
