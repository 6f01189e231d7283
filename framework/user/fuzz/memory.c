// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest memory: blocks side by side in one file, and a copy of it. A page may differ from its copy
 * while the device may write to it; the copy follows when that ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "player.h"

#define PAGE 4096ULL
#define BLOCKS 16
/* Of all blocks together. */
#define FILE_MOST (256ULL << 20)
#define MAPS 256

struct block {
	uint64_t at;
	uint64_t size;
	uint64_t offset;
};

struct map {
	uint64_t iova;
	uint64_t size;
	uint64_t offset;
	bool writes;
};

static struct block blocks[BLOCKS];
static unsigned int nr_blocks;
static struct map maps[MAPS];
static unsigned int nr_maps;
static int fd = -1;
static char *mem, *copy;
static uint64_t file_size;
/* By page: how many maps let the device write there. */
static uint16_t *writers;
static bool touched;

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "mdk-fuzz: no memory for a guest's: %s [U31]\n", what);
	exit(3);
}

static void file_end(void)
{
	if (fd < 0)
		return;
	munmap(mem, file_size);
	free(copy);
	free(writers);
	close(fd);
	fd = -1;
}

static void file_begin(uint64_t size)
{
	file_end();
	file_size = size;
	fd = memfd_create("guest", MFD_CLOEXEC);
	must(fd >= 0 && !ftruncate(fd, size), "memfd_create");
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(mem != MAP_FAILED, "mmap");
	copy = calloc(1, size);
	writers = calloc(size / PAGE, sizeof(*writers));
	must(copy && writers, "calloc");
}

static void add_block(uint64_t at, uint64_t size, uint64_t *end)
{
	if (nr_blocks == BLOCKS || !size || (at | size) % PAGE || size > FILE_MOST - *end ||
	    at > UINT64_MAX - size)
		return;
	blocks[nr_blocks++] = (struct block){ at, size, *end };
	*end += size;
}

void memory_renew(void)
{
	memset(mem, 0, file_size);
	memset(copy, 0, file_size);
	memset(writers, 0, file_size / PAGE * sizeof(*writers));
}

void memory_begin(const struct events *events)
{
	uint64_t end = 0;
	size_t i;

	nr_blocks = nr_maps = 0;
	for (i = 0; i < events->nr; i++)
		if (events->list[i].kind == EVENT_MEMORY)
			add_block(events->list[i].at, events->list[i].size, &end);
	if (!end) {
		add_block(MEMORY_LOW, MEMORY_SIZE, &end);
		add_block(MEMORY_HIGH, MEMORY_SIZE, &end);
	}
	if (fd < 0 || end != file_size)
		file_begin(end);
	else if (touched)
		memory_renew();
	touched = false;
}

/* As much of it as lies in one block. Return: bytes. */
static uint64_t find(uint64_t at, uint64_t size, uint64_t *offset)
{
	unsigned int i;

	for (i = 0; i < nr_blocks; i++) {
		if (at < blocks[i].at || at - blocks[i].at >= blocks[i].size)
			continue;
		*offset = blocks[i].offset + (at - blocks[i].at);
		size = size < blocks[i].size - (at - blocks[i].at) ?
			       size : blocks[i].size - (at - blocks[i].at);
		return size;
	}
	return 0;
}

void memory_fill(uint64_t at, const void *bytes, size_t len)
{
	uint64_t offset = 0, size = find(at, len, &offset);

	touched = true;
	memcpy(mem + offset, bytes, size);
	memcpy(copy + offset, bytes, size);
}

static void may_write(const struct map *map, int more)
{
	uint64_t page;

	for (page = map->offset / PAGE; page < (map->offset + map->size) / PAGE; page++) {
		writers[page] += more;
		if (!writers[page])
			memcpy(copy + page * PAGE, mem + page * PAGE, PAGE);
	}
}

int memory_map(struct user_device *dev, uint64_t iova, uint64_t size, int prot, uint64_t at)
{
	struct map map = { .iova = iova, .size = size, .writes = prot & PROT_WRITE };
	int ret;

	if (nr_maps == MAPS || !size || size % PAGE || find(at, size, &map.offset) != size)
		return -1000;
	ret = user_device_dma_map(dev, iova, size, fd, map.offset, prot, NULL, NULL);
	if (ret)
		return ret;
	touched = true;
	maps[nr_maps++] = map;
	if (map.writes)
		may_write(&map, 1);
	return 0;
}

/* The guest's address of a byte of the file. */
static uint64_t address_of(uint64_t offset)
{
	unsigned int i;

	for (i = 0; offset - blocks[i].offset >= blocks[i].size; i++)
		;
	return blocks[i].at + (offset - blocks[i].offset);
}

bool memory_of_iova(uint64_t iova, uint64_t *at)
{
	unsigned int i;

	for (i = 0; i < nr_maps; i++) {
		if (iova < maps[i].iova || iova - maps[i].iova >= maps[i].size)
			continue;
		*at = address_of(maps[i].offset + (iova - maps[i].iova));
		return true;
	}
	return false;
}

static void map_gone(unsigned int nr)
{
	memory_check();
	if (maps[nr].writes)
		may_write(&maps[nr], -1);
	maps[nr] = maps[--nr_maps];
}

int64_t memory_unmap(struct user_device *dev, uint64_t iova, uint64_t size)
{
	int64_t ret = user_device_dma_unmap(dev, iova, size);
	unsigned int i = 0;

	while (ret > 0 && i < nr_maps) {
		if (maps[i].iova >= iova && maps[i].iova - iova < size)
			map_gone(i);
		else
			i++;
	}
	return ret;
}

void memory_unmapped(void)
{
	while (nr_maps)
		map_gone(nr_maps - 1);
}

static void changed(uint64_t offset)
{
	while (mem[offset] == copy[offset])
		offset++;
	finding("guest memory",
		"byte 0x%llx has changed from 0x%02x to 0x%02x, and was not mapped for writing",
		(unsigned long long)address_of(offset),
		(unsigned char)copy[offset], (unsigned char)mem[offset]);
}

void memory_check(void)
{
	uint64_t page;

	for (page = 0; touched && page < file_size / PAGE; page++)
		if (!writers[page] && memcmp(mem + page * PAGE, copy + page * PAGE, PAGE))
			changed(page * PAGE);
}
