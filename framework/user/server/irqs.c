// SPDX-License-Identifier: GPL-2.0-only
/* SET_IRQS: eventfds come beside the message, and as many as vectors, or none. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vfio.h>

#include "commands.h"

#define HEAD	sizeof(struct vfio_irq_set)

/* Vectors that the index has: what a message may name. */
static int check_range(struct connection *c, const struct vfio_irq_set *set)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = set->index };
	int ret = user_device_ioctl(c->dev, VFIO_DEVICE_GET_IRQ_INFO, &info);

	if (ret)
		return ret < 0 ? ret : -EIO;
	return set->start > info.count || set->count > info.count - set->start ? -EINVAL : 0;
}

/* Bytes of data for each vector in the kernel's structure; -EINVAL: not one kind of it. */
static int size_of_data(const struct vfio_irq_set *set)
{
	switch (set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		return 1;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return sizeof(int32_t);
	default:
		return -EINVAL;
	}
}

static int check(struct connection *c, const struct vfio_irq_set *set,
		 const struct user_message *m)
{
	bool events = set->flags & VFIO_IRQ_SET_DATA_EVENTFD;
	int size = size_of_data(set);

	if (size < 0 || set->argsz < HEAD)
		return -EINVAL;
	if (events ? m->nr_fds && m->nr_fds != set->count : m->nr_fds)
		return -EINVAL;
	/* The messages of 17 vectors and more share an argsz; bools are all in this one. */
	if (size == 1 && (set->argsz - HEAD < set->count || m->len - HEAD < set->count))
		return -EINVAL;
	return check_range(c, set);
}

/* The structure as the device takes it; NULL: no memory. */
static struct vfio_irq_set *complete(const struct vfio_irq_set *set, const struct user_message *m)
{
	size_t size = (size_t)size_of_data(set) * set->count;
	struct vfio_irq_set *all = calloc(1, HEAD + size);

	if (!all)
		return NULL;
	*all = *set;
	all->argsz = (uint32_t)(HEAD + size);
	if (set->flags & VFIO_IRQ_SET_DATA_BOOL)
		memcpy(all->data, m->data + HEAD, size);
	else if (m->nr_fds)
		memcpy(all->data, m->fds, size);
	else
		memset(all->data, 0xff, size);	/* -1: no eventfd any more */
	return all;
}

int command_set_irqs(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct vfio_irq_set set, *all;
	int ret;

	(void)reply;
	memcpy(&set, m->data, HEAD);
	ret = check(c, &set, m);
	if (ret)
		return ret;
	all = complete(&set, m);
	if (!all)
		return -ENOMEM;
	ret = user_device_ioctl(c->dev, VFIO_DEVICE_SET_IRQS, all);
	free(all);
	return ret > 0 ? -EIO : ret;
}
