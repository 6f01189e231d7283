// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * mdk/test.h: memory for the device, between guards. A page on both sides is mapped for the device
 * too: a write that goes astray changes it, where nothing mapped would only refuse it.
 */
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "pages.h"

#define PAGE		4096ULL
#define FIRST_IOVA	(1ULL << 32)	/* both halves of an address count */

/*
 * struct client_memory - memory and its guards
 * @public: what the test sees
 * @next: in the client's list
 * @area: all of it, in this process
 * @iova: of @area
 * @len: of @area, whole pages
 * @prot: VFIO's flags
 * @mapped: the device reaches it
 */
struct client_memory {
	struct mdk_memory public;
	struct client_memory *next;
	struct mdk_client *client;
	u8 *area;
	u64 iova;
	u64 len;
	u32 prot;
	bool mapped;
};

static struct client_memory *of(const struct mdk_memory *memory)
{
	return (struct client_memory *)memory;
}

static void fill(struct client_memory *m, u64 from, u64 to)
{
	for (u64 i = from; i < to; i++)
		m->area[i] = client_pattern(m->iova + i);
}

/* The first byte of the area that is not as it was filled; @to: all are. */
static u64 first_changed(const struct client_memory *m, u64 from, u64 to)
{
	while (from < to && *(volatile u8 *)&m->area[from] == client_pattern(m->iova + from))
		from++;
	return from;
}

/* Above all that there is. */
static u64 free_iova(const struct mdk_client *dev)
{
	u64 iova = FIRST_IOVA;

	for (const struct client_memory *m = dev->memory; m; m = m->next)
		if (m->iova + m->len + PAGE > iova)
			iova = m->iova + m->len + PAGE;
	return iova;
}

static void need_size(u64 iova, u64 size)
{
	if (!size || size > 1ULL << 30)
		client_fail("1 byte to 1 GiB", "%llu bytes", size);
	if (iova < PAGE || iova + size < iova || iova + size > UINT64_MAX - 2 * PAGE)
		client_fail("an address with room for a guard on both sides", "%#llx", iova);
}

/* With a page of guards before it and one behind it at least. */
static u64 client_memory_len(u64 iova, u64 size)
{
	return (PAGE + iova % PAGE + size + 2 * PAGE - 1) / PAGE * PAGE;
}

void mdk_memory_map(struct mdk_memory *memory)
{
	struct client_memory *m = of(memory);
	int ret;

	if (m->mapped)
		return;
	did("MAP_DMA of %llu bytes at %#llx, of them %llu at %#llx for the test", m->len, m->iova,
	    memory->size, memory->iova);
	ret = vfio_map_dma(&m->client->vfio, m->iova, m->area, m->len, m->prot);
	if (ret)
		client_fail("0", "%s", err_name(ret));
	m->mapped = true;
}

/* @area: whole pages for it and a page of guards on both sides, or NULL. */
static struct mdk_memory *memory_new(struct mdk_client *dev, u64 iova, u64 size,
				     enum mdk_dma_dir dir, u8 *area)
{
	struct client_memory *m = calloc(1, sizeof(*m));
	u64 before = PAGE + iova % PAGE;

	need_size(iova, size);
	if (!m)
		client_fail("memory", "none");
	m->client = dev;
	m->iova = iova - before;
	m->len = client_memory_len(iova, size);
	m->prot = VFIO_DMA_MAP_FLAG_READ | (dir & MDK_FROM_DEVICE ? VFIO_DMA_MAP_FLAG_WRITE : 0);
	m->area = area ? area : client_pages(m->len);
	if (!m->area)
		client_fail("memory", "none: %llu bytes", m->len);
	m->public = (struct mdk_memory){ m->area + before, iova, size };
	fill(m, 0, m->len);
	m->next = dev->memory;
	dev->memory = m;
	mdk_memory_map(&m->public);
	return &m->public;
}

struct mdk_memory *mdk_memory_at(struct mdk_client *dev, u64 iova, u64 size, enum mdk_dma_dir dir)
{
	return memory_new(dev, iova, size, dir, NULL);
}

struct mdk_memory *mdk_memory_above(struct mdk_client *dev, u64 size, u64 address)
{
	u64 iova = free_iova(dev) + PAGE;
	u8 *area;

	need_size(iova, size);
	area = client_pages_above(client_memory_len(iova, size), address);
	return area ? memory_new(dev, iova, size, MDK_BOTH_WAYS, area) : NULL;
}

struct mdk_memory *mdk_memory(struct mdk_client *dev, u64 size)
{
	return mdk_memory_at(dev, free_iova(dev) + PAGE, size, MDK_BOTH_WAYS);
}

void mdk_memory_fill(struct mdk_memory *memory)
{
	struct client_memory *m = of(memory);
	u64 begin = memory->data - m->area;

	fill(m, begin, begin + memory->size);
}

u8 mdk_memory_pattern(const struct mdk_memory *memory, u64 offset)
{
	return client_pattern(memory->iova + offset);
}

/* A guard that has been told of is filled again: once is enough. */
static bool check_guard(struct client_memory *m, u64 from, u64 to, const char *where)
{
	u64 at = first_changed(m, from, to);
	long long away;

	if (at == to)
		return true;
	away = (long long)(m->iova + at - m->public.iova);
	if (away >= 0)
		away -= (long long)m->public.size - 1;
	failed("nothing changed outside of the memory that the test handed out",
	       "%lld bytes %s the %llu bytes at %#llx, at %#llx, there is %#x and was %#x",
	       away < 0 ? -away : away, where, m->public.size, m->public.iova, m->iova + at,
	       m->area[at], client_pattern(m->iova + at));
	fill(m, from, to);
	return false;
}

bool mdk_memory_guards(struct mdk_memory *memory)
{
	struct client_memory *m = of(memory);
	u64 begin = memory->data - m->area, end = begin + memory->size;
	bool before = check_guard(m, 0, begin, "before");

	return check_guard(m, end, m->len, "behind") && before;
}

bool mdk_memory_untouched(struct mdk_memory *memory, u64 offset, u64 len)
{
	struct client_memory *m = of(memory);
	u64 begin = memory->data - m->area + offset;

	if (offset > memory->size || len > memory->size - offset)
		client_fail("a part of the memory", "%llu bytes at offset %llu of %llu", len, offset,
			    memory->size);
	return first_changed(m, begin, begin + len) == begin + len;
}

bool mdk_test_untouched(struct mdk_memory *memory, u64 offset, u64 len, const char *file, int line)
{
	struct client_memory *m = of(memory);
	u64 begin = memory->data - m->area + offset, at;

	if (mdk_memory_untouched(memory, offset, len))
		return true;
	at = first_changed(m, begin, begin + len);
	did("%s:%d: what the device must not write", file, line);
	failed("memory as it was", "byte %llu, at %#llx, is %#x and was %#x", at - begin + offset,
	       m->iova + at, m->area[at], client_pattern(m->iova + at));
	return false;
}

void mdk_memory_unmap(struct mdk_memory *memory)
{
	struct client_memory *m = of(memory);
	int64_t ret;

	if (!m->mapped)
		return;
	mdk_memory_guards(memory);
	did("UNMAP_DMA of %llu bytes at %#llx", m->len, m->iova);
	ret = vfio_unmap_dma(&m->client->vfio, m->iova, m->len, 0);
	if (ret != (int64_t)m->len)
		client_fail("all of it unmapped", ret < 0 ? "%s" : "%s bytes", err_name(ret));
	m->mapped = false;
}

void client_memory_check(struct mdk_client *client)
{
	for (struct client_memory *m = client->memory; m; m = m->next)
		mdk_memory_guards(&m->public);
}

void client_memory_closed(struct mdk_client *client)
{
	for (struct client_memory *m = client->memory; m; m = m->next)
		m->mapped = false;
}
