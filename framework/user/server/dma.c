// SPDX-License-Identifier: GPL-2.0-only
/* What the client has mapped. The table is the server's own, so that an unmap never cuts a map. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "commands.h"

/* The first map that does not end before @address. */
static unsigned int first_from(const struct connection *c, uint64_t address)
{
	unsigned int low = 0, high = c->nr_maps;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct user_mapped *map = &c->maps[middle];

		if (map->address + (map->size - 1) < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct connection *c)
{
	unsigned int room = c->room_maps ? 2 * c->room_maps : 16;
	struct user_mapped *maps;

	if (c->nr_maps >= USER_MAX_DMA_MAPS)
		return -ENOSPC;
	if (c->nr_maps < c->room_maps)
		return 0;
	maps = realloc(c->maps, room * sizeof(*maps));
	if (!maps)
		return -ENOMEM;
	c->maps = maps;
	c->room_maps = room;
	return 0;
}

/* Not empty, and not beyond the last address. */
static bool is_range(uint64_t address, uint64_t size)
{
	return size && address + (size - 1) >= address;
}

static bool is_free(const struct connection *c, unsigned int at, uint64_t address, uint64_t size)
{
	return at == c->nr_maps || c->maps[at].address > address + (size - 1);
}

static int prot_of(uint32_t flags)
{
	return (flags & USER_DMA_READABLE ? PROT_READ : 0) |
	       (flags & USER_DMA_WRITABLE ? PROT_WRITE : 0);
}

static int check_map(const struct user_dma_map *map, const struct user_message *m)
{
	const uint32_t both = USER_DMA_READABLE | USER_DMA_WRITABLE;

	if (map->argsz < sizeof(*map) || !(map->flags & both) || map->flags & ~both)
		return -EINVAL;
	if (!is_range(map->address, map->size) || (map->address | map->size) % USER_PAGE_SIZES ||
	    map->size > INT64_MAX)
		return -EINVAL;
	if (m->nr_fds > 1)
		return -EINVAL;
	if (m->nr_fds && (map->offset + (map->size - 1) < map->offset ||
			  map->offset + (map->size - 1) > INT64_MAX))
		return -EINVAL;
	return 0;
}

int command_dma_map(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_dma_map map;
	unsigned int at;
	int ret;

	(void)reply;
	memcpy(&map, m->data, sizeof(map));
	ret = check_map(&map, m);
	if (ret)
		return ret;
	at = first_from(c, map.address);
	if (!is_free(c, at, map.address, map.size))
		return -EEXIST;
	ret = make_room(c);
	if (ret)
		return ret;
	ret = user_device_dma_map(c->dev, map.address, map.size, m->nr_fds ? m->fds[0] : -1,
				  m->nr_fds ? map.offset : 0, prot_of(map.flags),
				  m->nr_fds ? NULL : &connection_dma, c);
	if (ret)
		return ret;
	memmove(&c->maps[at + 1], &c->maps[at], (c->nr_maps - at) * sizeof(*c->maps));
	c->maps[at] = (struct user_mapped){ map.address, map.size };
	c->nr_maps++;
	return 0;
}

/* Takes the maps @from up to @to away. @bytes: together these may be more than an int64_t holds. */
static int unmap(struct connection *c, unsigned int from, unsigned int to, uint64_t *bytes)
{
	unsigned int done = from;
	int64_t ret = 0;

	for (*bytes = 0; done < to && ret >= 0; done += ret >= 0) {
		ret = user_device_dma_unmap(c->dev, c->maps[done].address, c->maps[done].size);
		if (ret >= 0)
			*bytes += c->maps[done].size;
	}
	if (done > from)
		memmove(&c->maps[from], &c->maps[done], (c->nr_maps - done) * sizeof(*c->maps));
	c->nr_maps -= done - from;
	return ret < 0 ? (int)ret : 0;
}

static int unmap_range(struct connection *c, uint64_t address, uint64_t size, uint64_t *bytes)
{
	unsigned int from = first_from(c, address), to = from;
	uint64_t last = address + (size - 1);

	if (from < c->nr_maps && c->maps[from].address < address)
		return -EINVAL;
	for (; to < c->nr_maps && c->maps[to].address <= last; to++)
		if (c->maps[to].address + (c->maps[to].size - 1) > last)
			return -EINVAL;
	return unmap(c, from, to, bytes);
}

int command_dma_unmap(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_dma_unmap request, *answer;
	uint64_t bytes;
	int ret;

	memcpy(&request, m->data, sizeof(request));
	if (request.argsz < sizeof(request) || request.flags & ~USER_DMA_UNMAP_ALL)
		return -EINVAL;
	if (request.flags && (request.address || request.size))
		return -EINVAL;
	if (!request.flags && !is_range(request.address, request.size))
		return -EINVAL;
	answer = reply_room(reply, sizeof(*answer));
	if (!answer)
		return -ENOMEM;
	ret = request.flags ? unmap(c, 0, c->nr_maps, &bytes) :
			      unmap_range(c, request.address, request.size, &bytes);
	if (ret)
		return ret;
	*answer = request;
	answer->size = bytes;
	return 0;
}
