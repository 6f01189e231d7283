// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the one user of the device, for its DMA. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "client/pages.h"
#include "commands.h"
#include "poke.h"

#define MAX_MAPS	64

POKE_COMMANDS(POKE_DECLARE)

struct map {
	uint64_t iova;
	uint64_t size;
	uint8_t *data;
};

static struct map maps[MAX_MAPS];
static unsigned int nr_maps;

/* The first of which a byte is in the range, or NULL. */
static struct map *overlapping(uint64_t iova, uint64_t size)
{
	for (unsigned int i = 0; i < nr_maps; i++)
		if (iova <= maps[i].iova + (maps[i].size - 1) && maps[i].iova <= iova + (size - 1))
			return &maps[i];
	return NULL;
}

/* " 0x1000 to 0x1fff, ..." */
static const char *list_maps(void)
{
	static char list[512];
	size_t used = 0;

	snprintf(list, sizeof(list), " nothing");
	for (unsigned int i = 0; i < nr_maps && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s %#llx to %#llx",
					 used ? "," : "", (unsigned long long)maps[i].iova,
					 (unsigned long long)(maps[i].iova + (maps[i].size - 1)));
	return list;
}

static int say_overlap(uint64_t iova, uint64_t size)
{
	const struct map *other = overlapping(iova, size);

	/* Nobody else has mapped anything: the container is ours. */
	if (!other)
		return say("T147", "the kernel has a mapping in %#llx to %#llx (EEXIST); take another address",
			   (unsigned long long)iova, (unsigned long long)(iova + (size - 1)));
	return say("T147", "%#llx to %#llx overlaps what is mapped at %#llx to %#llx; unmap %#llx first, or "
		   "take another address", (unsigned long long)iova,
		   (unsigned long long)(iova + (size - 1)), (unsigned long long)other->iova,
		   (unsigned long long)(other->iova + (other->size - 1)),
		   (unsigned long long)other->iova);
}

static int say_map(int ret, uint64_t iova, uint64_t size)
{
	struct rlimit limit = { 0 };

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (ret == -EEXIST)
		return say_overlap(iova, size);
	if (ret == -ENOMEM)
		return say("T147", "the kernel does not lock %llu KiB (ENOMEM), of %llu KiB that this process "
			   "may; raise that with ulimit -l unlimited, or map fewer pages",
			   (unsigned long long)size / 1024,
			   (unsigned long long)limit.rlim_cur / 1024);
	if (ret == -ENOSPC)
		return say("T147", "the kernel takes no more mappings (ENOSPC); raise dma_entry_limit of "
			   "vfio_iommu_type1, or map fewer");
	return say("T147", "the kernel does not map %#llx to %#llx: %s; take an address that the device's "
		   "IOMMU has", (unsigned long long)iova, (unsigned long long)(iova + (size - 1)),
		   errno_words(ret));
}

static int say_no_memory(uint64_t pages, uint64_t above)
{
	if (above)
		return say("T147", "the machine has no %llu free pages one behind the other at %#llx or above "
			   "that we see; root is needed for that, and at most 514 pages",
			   (unsigned long long)pages, (unsigned long long)above);
	return say("T147", "the machine has no %llu free pages; map fewer", (unsigned long long)pages);
}

static int map_new(const struct poke *poke, const struct command *c, uint32_t prot)
{
	uint64_t iova = c->number[0], pages = c->number[1], size = pages * POKE_PAGE;
	uint64_t above = c->count == 3 ? c->number[2] : 0;
	uint8_t *data;
	int ret;

	if (nr_maps == MAX_MAPS)
		return say("T147", "%u places are mapped, and more cannot be; unmap one first", nr_maps);
	if (iova + (size - 1) < iova)
		return say("T147", "%llu pages from %#llx go beyond the last address; map fewer",
			   (unsigned long long)pages, (unsigned long long)iova);
	data = above ? client_pages_above(size, above) : client_pages(size);
	if (!data)
		return say_no_memory(pages, above);
	ret = vfio_map_dma(&poke->vfio, iova, data, size, prot);
	if (ret) {
		munmap(data, size);
		return say_map(ret, iova, size);
	}
	maps[nr_maps++] = (struct map){ iova, size, data };
	return 0;
}

int do_map(struct poke *poke, const struct command *c)
{
	return map_new(poke, c, VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE);
}

int do_map_ro(struct poke *poke, const struct command *c)
{
	return map_new(poke, c, VFIO_DMA_MAP_FLAG_READ);
}

int do_unmap(struct poke *poke, const struct command *c)
{
	struct map *map = overlapping(c->number[0], 1);
	int64_t ret;

	if (!map || map->iova != c->number[0])
		return say("T147", "no mapping begins at %#llx; mapped is:%s", (unsigned long long)c->number[0],
			   list_maps());
	ret = vfio_unmap_dma(&poke->vfio, map->iova, map->size, 0);
	if (ret != (int64_t)map->size)
		return say("T147", "the kernel unmapped %lld of %llu bytes; the driver holds them, and has to "
			   "let go of what is unmapped", ret < 0 ? 0LL : (long long)ret,
			   (unsigned long long)map->size);
	munmap(map->data, map->size);
	*map = maps[--nr_maps];
	return 0;
}

/* Where 4 bytes of mapped memory are, or NULL after a sentence. */
static void *memory_at(uint64_t address)
{
	const struct map *map = overlapping(address, 1);

	if (map && map->size - (address - map->iova) >= sizeof(uint32_t))
		return map->data + (address - map->iova);
	say("T147", "%#llx to %#llx is not in a mapping; mapped is:%s", (unsigned long long)address,
	    (unsigned long long)address + 3, list_maps());
	return NULL;
}

int do_peek(struct poke *poke, const struct command *c)
{
	const void *at = memory_at(c->number[0]);
	uint32_t value;

	(void)poke;
	if (!at)
		return EXIT_FOUND;
	memcpy(&value, at, sizeof(value));
	printf("memory %s: 0x%08x\n", c->word[0], value);
	return 0;
}

int do_poke(struct poke *poke, const struct command *c)
{
	void *at = memory_at(c->number[0]);
	uint32_t word = (uint32_t)c->number[1];
	int ret = at ? need_fit(c->number[1], 32, "the 4 bytes") : EXIT_FOUND;

	(void)poke;
	if (!ret)
		memcpy(at, &word, sizeof(word));
	return ret;
}
