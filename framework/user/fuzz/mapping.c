// SPDX-License-Identifier: GPL-2.0-only
/* Regions that a client maps: only those parts that the device offers. */
#include <sys/mman.h>

#include "player.h"

static struct {
	char *mem;
	uint64_t size;
} mapped[PLAYER_REGIONS];

static char *map(struct user_device *dev, uint32_t index)
{
	const struct region *region = &device_info.regions[index];
	uint64_t offset;
	void *mem;
	int fd;

	if (mapped[index].mem)
		return mapped[index].mem;
	if (!region->map_size || user_device_region_fd(dev, index, &fd, &offset))
		return NULL;
	offset += region->map_at;
	mem = mmap(NULL, region->map_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	if (mem == MAP_FAILED)
		mem = mmap(NULL, region->map_size, PROT_READ, MAP_SHARED, fd, offset);
	if (mem == MAP_FAILED)
		return NULL;
	mapped[index].mem = mem;
	mapped[index].size = region->map_size;
	return mem;
}

uint64_t *mapping_at(struct user_device *dev, uint32_t region, uint64_t at, uint32_t width)
{
	const struct region *known = &device_info.regions[region < PLAYER_REGIONS ? region : 0];
	char *mem;

	if (region >= PLAYER_REGIONS || at < known->map_at || at % width ||
	    at - known->map_at >= known->map_size)
		return NULL;
	mem = map(dev, region);
	return mem ? (uint64_t *)(mem + (at - known->map_at)) : NULL;
}

void mapping_drop(void)
{
	for (unsigned int i = 0; i < PLAYER_REGIONS; i++) {
		if (mapped[i].mem)
			munmap(mapped[i].mem, mapped[i].size);
		mapped[i].mem = NULL;
	}
}
