// SPDX-License-Identifier: GPL-2.0-only
/* What the device says of itself. The structures are the kernel's, with its argsz protocol. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "commands.h"

#define MAX_REGIONS	1024u
#define MAX_INFO	65536u		/* no chain of capabilities is longer */
#define DEVICE_INFO	16u		/* the members that every version of the protocol has */
#define REGION_INFO	32u
#define IRQ_INFO	16u

/*
 * Asks the device with the client's argsz, index and nothing else, in zeroed room for the largest
 * answer that the client takes.
 */
static int ask(struct connection *c, const struct user_message *m, unsigned int cmd,
	       struct user_reply *reply)
{
	uint32_t argsz, index, *words;
	int ret;

	memcpy(&argsz, m->data, sizeof(argsz));
	memcpy(&index, m->data + 8, sizeof(index));
	if (argsz > MAX_INFO)
		argsz = MAX_INFO;
	/* A device that is told of too little room may still look at all of the smallest answer. */
	words = reply_room(reply, argsz < 256 ? 256 : argsz);
	if (!words)
		return -ENOMEM;
	words[0] = argsz;
	if (cmd != VFIO_DEVICE_GET_INFO)
		words[2] = index;
	ret = user_device_ioctl(c->dev, cmd, words);
	return ret > 0 ? -EIO : ret;
}

/* What goes back: the smallest answer, whose size stands in it; or a chain that has fitted. */
static void shorten(struct user_reply *reply, uint32_t least, bool chain, uint32_t room)
{
	uint32_t *argsz = reply->data;

	if (!chain)
		*argsz = least;
	reply->len = chain && *argsz > least && *argsz <= room && *argsz <= reply->len ? *argsz :
											  least;
}

int command_info(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct vfio_device_info *info;
	int ret = ask(c, m, VFIO_DEVICE_GET_INFO, reply);

	if (ret)
		return ret;
	info = reply->data;
	info->flags &= ~VFIO_DEVICE_FLAGS_CAPS;	/* the protocol has no room for them */
	shorten(reply, DEVICE_INFO, false, 0);
	return 0;
}

int command_irq_info(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	int ret = ask(c, m, VFIO_DEVICE_GET_IRQ_INFO, reply);

	if (!ret)
		shorten(reply, IRQ_INFO, false, 0);
	return ret;
}

/* The same memory; who may only read the region gets no descriptor that writes. */
static int descriptor_for(int fd, uint32_t flags)
{
	char path[64];

	if (flags & VFIO_REGION_INFO_FLAG_WRITE)
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Where the region lies in the descriptor; a region without one has no flag for mapping either. */
static void add_memory(struct connection *c, struct vfio_region_info *info,
		       struct user_reply *reply)
{
	uint64_t offset = 0;
	int fd;

	info->offset = 0;
	if (!(info->flags & VFIO_REGION_INFO_FLAG_MMAP))
		return;
	if (!user_device_region_fd(c->dev, info->index, &fd, &offset))
		reply->fd = descriptor_for(fd, info->flags);
	if (reply->fd < 0)
		info->flags &= ~VFIO_REGION_INFO_FLAG_MMAP;
	else
		info->offset = offset;
}

int command_region_info(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	int ret = ask(c, m, VFIO_DEVICE_GET_REGION_INFO, reply);
	struct vfio_region_info *info = reply->data;
	uint32_t room;

	if (ret)
		return ret;
	memcpy(&room, m->data, sizeof(room));
	add_memory(c, info, reply);
	shorten(reply, REGION_INFO, info->flags & VFIO_REGION_INFO_FLAG_CAPS, room);
	/* QEMU refuses the flag without a chain, and asks again by argsz alone. */
	if (!info->cap_offset)
		info->flags &= ~VFIO_REGION_INFO_FLAG_CAPS;
	return 0;
}

int regions_load(struct connection *c)
{
	struct vfio_device_info info = { .argsz = DEVICE_INFO };
	int ret = user_device_ioctl(c->dev, VFIO_DEVICE_GET_INFO, &info);

	if (ret)
		return ret < 0 ? ret : -EIO;
	c->nr_regions = info.num_regions < MAX_REGIONS ? info.num_regions : MAX_REGIONS;
	c->regions = calloc(c->nr_regions ? c->nr_regions : 1, sizeof(*c->regions));
	if (!c->regions)
		return -ENOMEM;
	for (unsigned int i = 0; i < c->nr_regions; i++) {
		struct vfio_region_info region = { .argsz = REGION_INFO, .index = i };

		if (!user_device_ioctl(c->dev, VFIO_DEVICE_GET_REGION_INFO, &region))
			c->regions[i] = (struct user_region){ region.offset, region.size };
	}
	return 0;
}

int command_reset(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	int ret = user_device_ioctl(c->dev, VFIO_DEVICE_RESET, NULL);

	(void)m;
	(void)reply;
	return ret > 0 ? -EIO : ret;
}
