// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group region, second part: mmap(). */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "region_access.h"
#include "suite.h"

#define MAX_MAP		(64ULL << 20)
#define INFO_BYTES	4096
#define INDEX_SHIFT	40
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The part of a region that can be mapped: all of it, or the first area of a sparse one. */
struct area {
	const struct region *r;
	uint64_t off;
	uint64_t size;
};

static struct regions rs;
static sigjmp_buf fault_jump;

static unsigned long long ull(uint64_t v)
{
	return v;
}

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static void on_fault(int sig)
{
	siglongjmp(fault_jump, sig);
}

/* Reads a dword of a mapping, or writes it with @v; false if that faults. */
static bool touch(volatile uint32_t *p, uint32_t *v, bool write)
{
	struct sigaction sa = { .sa_handler = on_fault }, old[2];
	bool ok = false;

	sigaction(SIGBUS, &sa, &old[0]);
	sigaction(SIGSEGV, &sa, &old[1]);
	if (!sigsetjmp(fault_jump, 1)) {
		if (write)
			*p = *v;
		else
			*v = *p;
		ok = true;
	}
	sigaction(SIGBUS, &old[0], NULL);
	sigaction(SIGSEGV, &old[1], NULL);
	return ok;
}

/* Finds the sparse capability in a complete reply; false if there is none. */
static bool sparse_area(const uint8_t *reply, uint32_t size, struct area *a)
{
	struct vfio_region_info info;
	struct vfio_region_info_cap_sparse_mmap cap;
	struct vfio_region_sparse_mmap_area area;
	uint32_t off, steps = 0;

	memcpy(&info, reply, REGION_INFO_MINSZ);
	for (off = info.cap_offset; off && off + sizeof(cap) <= size && steps < 64; steps++) {
		memcpy(&cap, reply + off, sizeof(cap));
		if (cap.header.id != VFIO_REGION_INFO_CAP_SPARSE_MMAP) {
			off = cap.header.next;
			continue;
		}
		a->size = 0;
		for (uint32_t i = 0, at = off + sizeof(cap);
		     i < cap.nr_areas && !a->size && at + sizeof(area) <= size;
		     i++, at += sizeof(area)) {
			memcpy(&area, reply + at, sizeof(area));
			a->off = area.offset;
			a->size = area.size;
		}
		return true;
	}
	return false;
}

static struct area area_of(const struct region *r)
{
	static uint8_t reply[INFO_BYTES];
	struct area a = { r, 0, r->size };
	struct vfio_region_info info = { .argsz = INFO_BYTES, .index = r->index };

	if (!r->caps)
		return a;
	memset(reply, 0, sizeof(reply));
	memcpy(reply, &info, REGION_INFO_MINSZ);
	if (!vfio_ioctl(r->fd, VFIO_DEVICE_GET_REGION_INFO, reply))
		sparse_area(reply, INFO_BYTES, &a);
	return a;
}

uint64_t region_first_area(const struct region *r, uint64_t *size)
{
	struct area a = area_of(r);

	*size = a.size;
	return a.off;
}

/* The next area after @prev's region; skips the test if no region can be mapped. */
static bool next_area(struct area *a)
{
	bool first = !a->r;

	for (const struct region *r = a->r; (r = region_next(&rs, ALL_REGIONS, r));) {
		if (!region_mappable(r))
			continue;
		*a = area_of(r);
		if (a->size)
			return true;
	}
	if (first)
		skip("no region has VFIO_REGION_INFO_FLAG_MMAP");
	return false;
}

static int prot_of(const struct region *r)
{
	return PROT_READ | (region_writable(r) ? PROT_WRITE : 0);
}

static size_t map_len(const struct area *a)
{
	return a->size < MAX_MAP ? (size_t)a->size : (size_t)MAX_MAP;
}

/* Maps the area, or fails and gives NULL. */
static uint32_t *map_area(const struct area *a)
{
	uint32_t *map = region_map(a->r, a->off, map_len(a), prot_of(a->r), MAP_SHARED);

	did("mmap of %#zx bytes at %#llx of region %u", map_len(a), ull(a->off), a->r->index);
	if (!map)
		failed("success: the region has VFIO_REGION_INFO_FLAG_MMAP", "%s", err_name(-errno));
	return map;
}

static void mmap_shared(struct env *env)
{
	struct area a = { NULL, 0, 0 };

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint32_t *map = map_area(&a), v;

		if (!map)
			continue;
		for (uint64_t off = 0; off < map_len(&a); off += page_size())
			if (!touch(map + off / 4, &v, false)) {
				failed("memory that can be read", "a fault at %#llx", ull(off));
				break;
			}
		munmap(map, map_len(&a));
		if (region_writable(a.r))
			continue;
		did("mmap with PROT_WRITE of region %u, which cannot be written", a.r->index);
		if (region_map(a.r, a.off, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED))
			failed("a failure", "success");
	}
}

/* What is written one way must be read the other way. From the middle to the ends, see below. */
static bool coherent_at(const struct area *a, uint32_t *map, uint64_t off)
{
	volatile uint32_t *p = map + off / 4;
	uint32_t old, v = 0, want = 0x51ab0000u + (uint32_t)(off >> 12);
	bool ok;

	did("write at %#llx of region %u, then a read of its mmap there, and the other way round",
	    ull(a->off + off), a->r->index);
	if (!region_read32(a->r, a->off + off, &old))
		return true;
	region_write32(a->r, a->off + off, want);
	v = *p;
	if (v != want)
		failed("the same memory", "%#x was written with write(), mmap has %#x", want, v);
	ok = v == want;
	if (ok) {
		*p = ~want;
		region_read32(a->r, a->off + off, &v);
		ok = v == ~want;
		if (!ok)
			failed("the same memory", "%#x was written to the mmap, read() gives %#x",
			       ~want, v);
	}
	region_write32(a->r, a->off + off, old);
	return ok;
}

static void mmap_coherent(struct env *env)
{
	struct area a = { NULL, 0, 0 };

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		size_t len = map_len(&a);
		/*
		 * The last one only if all others are right: a driver that adds a wrong offset may
		 * leave its memory there.
		 */
		const uint64_t offs[] = { 0, len / 2 & ~4095ULL, 4, len / 4 & ~3ULL, len - 4 };
		uint32_t *map;

		if (!region_is_memory(a.r))
			continue;
		map = map_area(&a);
		for (unsigned int i = 0; map && i < ARRAY_SIZE(offs); i++)
			if (!coherent_at(&a, map, offs[i]))
				break;
	}
}

static void past_end(const struct area *a, uint64_t off, uint64_t len)
{
	uint64_t beyond = off < a->size ? a->size : off;
	uint8_t *map;
	uint32_t v;

	did("mmap of %#llx bytes at %#llx of region %u, of which %#llx bytes can be mapped", ull(len),
	    ull(a->off + off), a->r->index, ull(a->size));
	if (pos_in_a_region(&rs, a->r->offset + a->off + beyond))
		return;
	map = region_map(a->r, a->off + off, len, PROT_READ, MAP_SHARED);
	if (!map)
		return;
	if (touch((uint32_t *)(map + (beyond - off)), &v, false))
		failed("a failure, or a fault behind the end", "memory behind the end: %#x", v);
	munmap(map, len);
}

static void mmap_past_end(struct env *env)
{
	struct area a = { NULL, 0, 0 };
	uint64_t page = page_size();

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		past_end(&a, 0, a.size + page);
		past_end(&a, a.size - page, 2 * page);
		past_end(&a, a.size, page);
		past_end(&a, a.size + page, page);
		if (a.size > 2 * page)
			past_end(&a, page, a.size);
		past_end(&a, 0, 2 * a.size);
		did("mmap of 0 bytes of region %u", a.r->index);
		if (region_map(a.r, a.off, 0, PROT_READ, MAP_SHARED))
			failed("a failure", "success");
	}
}

static void refuse_map(int fd, uint64_t pos, const char *need)
{
	uint64_t page = page_size();
	void *map;

	pos &= ~(page - 1);
	for (uint64_t i = 0; i < page; i += page / 2)
		for (const struct region *r = NULL; (r = region_next(&rs, ALL_REGIONS, r));)
			if (region_mappable(r) && pos + i - r->offset < r->size)
				return;
	map = vfio_map_region(fd, pos, page, PROT_READ, MAP_SHARED);
	if (map) {
		failed(need, "success");
		munmap(map, page);
	}
}

static void mmap_not_mappable(struct env *env)
{
	static const uint64_t far[] = { 0x7fffffULL << INDEX_SHIFT, 1ULL << 62,
					0x7ffffffffffff000 };

	regions_load(&rs, env->vfio.device);
	for (unsigned int i = 0; i < rs.nr; i++) {
		did("mmap of region %u, which has no VFIO_REGION_INFO_FLAG_MMAP", rs.r[i].index);
		if (!region_mappable(&rs.r[i]))
			refuse_map(env->vfio.device, rs.r[i].offset, "a failure");
	}
	for (unsigned int i = 0; i < 256 + ARRAY_SIZE(far); i++) {
		uint64_t pos = i < 256 ? (uint64_t)i << INDEX_SHIFT : far[i - 256];

		did("mmap of the device at %#llx", ull(pos));
		if (!pos_in_a_region(&rs, pos))
			refuse_map(env->vfio.device, pos, "a failure: no region is there");
	}
}

static void mmap_private(struct env *env)
{
	struct area a = { NULL, 0, 0 };

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint32_t *shared, *priv, v, old;

		if (!region_is_memory(a.r))
			continue;
		priv = region_map(a.r, a.off, map_len(&a), PROT_READ | PROT_WRITE, MAP_PRIVATE);
		if (!priv)
			continue;
		shared = map_area(&a);
		did("mmap with MAP_PRIVATE of region %u, and a write to it", a.r->index);
		old = shared ? *(volatile uint32_t *)shared : 0;
		v = ~old;
		if (shared && touch(priv, &v, true) && *(volatile uint32_t *)shared != old)
			failed("a failure of the mmap, or a private copy", "the device has the value");
		if (shared)
			*(volatile uint32_t *)shared = old;
	}
}

/* A page from the middle may be refused; if it is not, it is the page from the middle. */
static void mmap_part(struct env *env)
{
	struct area a = { NULL, 0, 0 };
	uint64_t page = page_size();

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint64_t off = map_len(&a) / 2 & ~(page - 1);
		uint32_t *part, *all, old, v = 0x9a9e0001;

		if (!off || !region_is_memory(a.r))
			continue;
		part = region_map(a.r, a.off + off, page, PROT_READ | PROT_WRITE, MAP_SHARED);
		if (!part)
			continue;
		all = map_area(&a);
		if (!all)
			continue;
		did("mmap of all of region %u and of one page at %#llx of it", a.r->index, ull(off));
		old = all[off / 4];
		if (!touch(part, &v, true))
			failed("memory", "a fault");
		else if (((volatile uint32_t *)all)[off / 4] != v)
			failed("the same page", "a value written to the one is not in the other");
		all[off / 4] = old;
	}
}

static void mmap_fork(struct env *env)
{
	struct area a = { NULL, 0, 0 };

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint32_t *map = map_area(&a), v = 0xf00df00d, old;
		int status;
		pid_t pid;

		if (!map)
			continue;
		old = *(volatile uint32_t *)map;
		pid = fork();
		if (pid == 0)
			/* A mapping that a child does not get faults there, which is as good. */
			_exit(!touch(map, &v, region_writable(a.r)));
		waitpid(pid, &status, 0);
		did("write to the mmap of region %u in a child of the process that made it",
		    a.r->index);
		if (!WIFEXITED(status))
			failed("a child that ends", "signal %d", WTERMSIG(status));
		else if (!WEXITSTATUS(status) && region_is_memory(a.r) &&
			 *(volatile uint32_t *)map != v)
			failed("the same memory in both", "the value is not there");
		if (region_writable(a.r))
			*(volatile uint32_t *)map = old;
	}
}

static void mmap_munmap_part(struct env *env)
{
	struct area a = { NULL, 0, 0 };
	uint64_t page = page_size();

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint8_t *map;
		uint32_t v;

		if (map_len(&a) < 3 * page)
			continue;
		map = (uint8_t *)map_area(&a);
		if (!map)
			continue;
		did("munmap of the second page of region %u's mmap", a.r->index);
		munmap(map + page, page);
		if (!touch((uint32_t *)map, &v, false) ||
		    !touch((uint32_t *)(map + 2 * page), &v, false))
			failed("the other pages stay", "a fault");
		did("munmap of the first page, then of the rest, of region %u's mmap", a.r->index);
		munmap(map, page);
		if (!touch((uint32_t *)(map + map_len(&a) - page), &v, false))
			failed("the last page stays", "a fault");
		munmap(map + 2 * page, map_len(&a) - 2 * page);
	}
}

/* Whatever file the driver has put behind a mapping is mapped in its place, past the driver. */
static void mmap_remap_pages(struct env *env)
{
	struct area a = { NULL, 0, 0 };
	uint64_t page = page_size();

	regions_load(&rs, env->vfio.device);
	while (next_area(&a)) {
		uint32_t *map = map_area(&a), v = 0, old = 0;
		int ret;

		if (!map || !touch(map, &old, false))
			continue;
		ret = remap_file_pages(map, page, 0, (a.r->offset + a.off) / page, 0);
		did("remap_file_pages() of the first page of region %u's mmap to where it is: %s",
		    a.r->index, ret ? err_name(-errno) : "0");
		if (!touch(map, &v, false))
			failed("a failure that changes nothing, or the same page", "a fault");
		else if (region_is_memory(a.r) && v != old)
			failed("a failure that changes nothing, or the same page",
			       "%#x was there, now it is %#x", old, v);
		munmap(map, map_len(&a));
	}
}

const struct test region_mmap_tests[] = {
	{ "region.mmap_shared", "a region with the mmap flag can be mapped, all of it", mmap_shared,
	  USES_DEVICE, 0 },
	{ "region.mmap_coherent", "mmap and read() show the same memory", mmap_coherent, USES_DEVICE,
	  0 },
	{ "region.mmap_past_end", "an mmap does not reach behind a region's end", mmap_past_end,
	  USES_DEVICE, 0 },
	{ "region.mmap_not_mappable", "what has no mmap flag cannot be mapped", mmap_not_mappable,
	  USES_DEVICE, 0 },
	{ "region.mmap_private", "a private mapping is refused or private", mmap_private, USES_DEVICE,
	  0 },
	{ "region.mmap_part", "an mmap of one page shows that page", mmap_part, USES_DEVICE, 0 },
	{ "region.mmap_fork", "an mmap survives fork", mmap_fork, USES_DEVICE, 0 },
	{ "region.mmap_remap_pages", "remap_file_pages() does not get past the driver",
	  mmap_remap_pages, USES_DEVICE, 0 },
	{ "region.mmap_munmap_part", "part of an mmap can be unmapped", mmap_munmap_part, USES_DEVICE,
	  0 },
	{ NULL, NULL, NULL, 0, 0 }
};
