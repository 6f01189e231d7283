// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Checks of read() and write() around the end of a region. A driver without a bound really reads
 * and writes outside of its memory, so they go from near to far, from reads to writes, and stop at
 * the first violation.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bounds.h"
#include "dirty.h"

#define BIG		65536
#define POISON		0xa5
#define LEAK_TRIES	100
#define LEAK_HITS	8	/* chance gives 0.4 */
#define LEAK_PLACES	16
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static unsigned long long ull(uint64_t v)
{
	return v;
}

static size_t room_at(const struct region *r, uint64_t off)
{
	return off < r->size ? (size_t)(r->size - off) : 0;
}

static void did_access(const char *what, const struct region *r, uint64_t off, size_t n)
{
	did("%s of %zu bytes at %#llx of region %u, whose size is %#llx", what, n, ull(off), r->index,
	    ull(r->size));
}

/* False if the read gave more than the region has. */
static bool read_is_bounded(const struct region *r, uint64_t off, size_t n)
{
	static uint8_t buf[BIG + 64];
	size_t room = room_at(r, off);
	ssize_t ret;

	memset(buf, POISON, sizeof(buf));
	ret = region_read(r, off, buf, n);
	for (size_t i = n; i < n + 64; i++) {
		if (buf[i] == POISON)
			continue;
		did_access("read", r, off, n);
		failed("no byte behind the buffer's end", "byte %zu was written", i);
		return false;
	}
	return ret <= (ssize_t)room;
}

static void failed_bound(const char *what, const struct region *r, uint64_t off, size_t n)
{
	did_access(what, r, off, n);
	failed("an error, or no more than the bytes up to the region's end",
	       "success beyond the end: %zu bytes are left there", room_at(r, off));
}

/* A place around the end of a region: @back bytes before it, or an offset. */
struct place {
	uint64_t off;
	size_t n;
};

typedef bool (*place_fn)(const struct region *r, const struct place *p);

/* Calls @fn for accesses that cross the end, until it returns false. */
static void for_straddling(const struct regions *rs, enum region_kind kind, place_fn fn)
{
	static const struct {
		unsigned int back;
		size_t n;
	} cases[] = {
		{ 1, 2 }, { 2, 4 }, { 1, 4 }, { 3, 4 }, { 4, 8 }, { 1, 8 }, { 7, 8 }, { 4, 16 },
		{ 8, 64 }, { 4, BIG },
	};

	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		if (pos_in_a_region(rs, r->offset + r->size) || !region_edge_is_safe(r))
			continue;
		for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
			struct place p = { r->size - cases[i].back, cases[i].n };

			if (cases[i].back <= r->size && !fn(r, &p))
				return;
		}
	}
}

/* Calls @fn for accesses behind the end that are in no other region, until it returns false. */
static void for_past_end(const struct regions *rs, enum region_kind kind, place_fn fn)
{
	static const uint64_t near[] = { 0, 1, 2, 3, 4, 8, 12, 0x20, 0xff, 0x100, 0xffc, 0x1000 };
	static const uint64_t far[] = {
		0x10000, 0x10004, 0x100000, 0x7ffffffc, 0x80000000, 0xfffffffc, 0x100000000,
		0x100000004, 0xfffffffff8, 0xfffffffffc, 0xffffffffff,
	};
	static const size_t counts[] = { 1, 4, 8 };

	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		for (unsigned int i = 0; i < ARRAY_SIZE(near) + ARRAY_SIZE(far); i++) {
			uint64_t off = i < ARRAY_SIZE(near) ? r->size + near[i]
							    : far[i - ARRAY_SIZE(near)];

			if (off < r->size)
				continue;
			for (unsigned int k = 0; k < ARRAY_SIZE(counts); k++) {
				struct place p = { off, counts[k] };

				if (!pos_in_a_region(rs, r->offset + off) &&
				    !pos_in_a_region(rs, r->offset + off + p.n - 1) && !fn(r, &p))
					return;
			}
		}
	}
}

static bool try_read(const struct region *r, const struct place *p)
{
	did_access("read", r, p->off, p->n);
	if (read_is_bounded(r, p->off, p->n))
		return true;
	failed_bound("read", r, p->off, p->n);
	return false;
}

static bool try_write(const struct region *r, const struct place *p)
{
	static uint8_t buf[BIG];
	size_t room = room_at(r, p->off);

	if (region_readable(r) && !read_is_bounded(r, p->off, p->n))
		skip("a read of %zu bytes at %#llx of region %u goes beyond its end: a write there "
		     "would change memory that is not the driver's", p->n, ull(p->off), r->index);
	/* What is inside of the region is written with what is there. */
	memset(buf, 0, sizeof(buf));
	for (size_t i = 0; i < room && i < p->n; i++)
		region_read(r, p->off + i, buf + i, 1);
	did_access("write", r, p->off, p->n);
	if (region_write(r, p->off, buf, p->n) <= (ssize_t)room)
		return true;
	failed_bound("write", r, p->off, p->n);
	return false;
}

void check_read_straddle(const struct regions *rs, enum region_kind kind)
{
	for_straddling(rs, kind, try_read);
}

void check_read_past_end(const struct regions *rs, enum region_kind kind)
{
	for_past_end(rs, kind, try_read);
}

void check_write_straddle(const struct regions *rs, enum region_kind kind)
{
	for_straddling(rs, kind, try_write);
}

void check_write_past_end(const struct regions *rs, enum region_kind kind)
{
	for_past_end(rs, kind, try_write);
}

/* A page, and behind it one that nobody may touch; the border between them. */
static uint8_t *border(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);

	if (p == MAP_FAILED)
		test_end();
	mprotect(p + page, page, PROT_NONE);
	return p + page;
}

static void bad_buffer(const struct region *r, const char *what, size_t n, size_t good,
		       ssize_t ret)
{
	did_access(what, r, 0, n);
	if (ret > (ssize_t)good)
		failed("an error, or no more bytes than could be copied",
		       "%zd, with a buffer of which %zu bytes can be accessed", ret, good);
}

void check_read_bad_buffer(const struct regions *rs, enum region_kind kind)
{
	static const size_t counts[] = { 1, 2, 4, 8, 64 };
	uint8_t *edge = border();

	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++) {
			size_t n = counts[i];

			for (size_t good = 0; n <= r->size && good < n; good++)
				bad_buffer(r, "read", n, good, region_read(r, 0, edge - good, n));
			bad_buffer(r, "read", n, 0,
				   region_read(r, 0, (void *)0xffff888000000000UL, n));
			bad_buffer(r, "read", n, 0, region_read(r, 0, NULL, n));
		}
	}
}

void check_write_bad_buffer(const struct regions *rs, enum region_kind kind)
{
	static const size_t counts[] = { 1, 2, 4, 8 };
	uint8_t *edge = border(), now[8] = { 0 };

	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		for (size_t k = 0; k < sizeof(now) && k < r->size; k++)
			region_read(r, k, now + k, 1);
		for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++) {
			size_t n = counts[i];

			for (size_t good = 0; n <= r->size && good < n; good++) {
				memcpy(edge - good, now, good);
				bad_buffer(r, "write", n, good,
					   region_write(r, 0, edge - good, n));
			}
			bad_buffer(r, "write", n, 0,
				   region_write(r, 0, (void *)0xffff888000000000UL, n));
		}
	}
}

void check_count_zero(const struct regions *rs, enum region_kind kind)
{
	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		const uint64_t offs[] = { 0, r->size - 1, r->size, r->size + 1, 0xffffffffff };
		uint8_t byte = POISON;

		for (unsigned int i = 0; i < ARRAY_SIZE(offs); i++) {
			ssize_t rd = region_read(r, offs[i], &byte, 0);
			ssize_t wr = region_write(r, offs[i], &byte, 0);

			did_access("read and write", r, offs[i], 0);
			if (rd > 0 || wr > 0 || byte != POISON)
				failed("0 or an error, and nothing done", "%zd and %zd, the byte %#x",
				       rd, wr, byte);
		}
	}
}

/*
 * Many reads, each after the stack was filled with another byte. A byte of the reply that is that
 * very byte more often than chance allows is not the device's.
 */
static bool leaks_at(const struct region *r, uint64_t off, size_t n)
{
	unsigned int hits[8] = { 0 };

	for (unsigned int try = 0; try < LEAK_TRIES; try++) {
		/* Never 0 or 0xff: these are what reads give where nothing is. */
		uint8_t planted = (uint8_t)(1 + 0x4f * try % 254), buf[8] = { 0 };

		dirty_stack_one_way(planted, try);
		if (region_read(r, off, buf, n) != (ssize_t)n)
			return false;
		for (size_t i = 0; i < n; i++)
			if (buf[i] == planted && ++hits[i] == LEAK_HITS)
				return true;
	}
	return false;
}

/*
 * What lies on the stack below a system call is mostly the kernel's own pointers. A dword that is
 * the upper half of one, and that is not there when its bytes are read one by one, is no register.
 */
static bool leaks_pointer_at(const struct region *r, uint64_t off)
{
	uint32_t v = 0, bytes = 0;

	if (!region_read32(r, off, &v) || v >> 15 != 0x1ffff || v == 0xffffffff)
		return false;
	for (unsigned int i = 0; i < 4; i++) {
		uint8_t byte;

		if (region_read(r, off + i, &byte, 1) != 1)
			return false;
		bytes |= (uint32_t)byte << 8 * i;
	}
	return bytes != v;
}

static const char *find_leak(const struct region *r, uint64_t off)
{
	static const size_t widths[] = { 1, 2, 4, 8 };

	did_access("read", r, off, 4);
	if (leaks_pointer_at(r, off))
		return "the upper half of a kernel address, which other widths do not give";
	for (unsigned int w = 0; w < ARRAY_SIZE(widths); w++) {
		did_access("read", r, off, widths[w]);
		if (leaks_at(r, off, widths[w]))
			return "bytes that other system calls had left on the kernel's stack";
	}
	return NULL;
}

void check_no_leak(const struct regions *rs, enum region_kind kind)
{
	for (const struct region *r = NULL; (r = region_next(rs, kind, r));) {
		uint64_t end = region_edge_is_safe(r) ? r->size : r->size / 2;
		uint64_t step = end / LEAK_PLACES < 8 ? 8 : end / LEAK_PLACES & ~7ULL;
		const char *leak = NULL;

		dirty_slab(0x91);
		for (uint64_t off = 0; off + 8 <= end && !leak; off += step)
			leak = find_leak(r, off);
		if (leak)
			failed("bytes of the device", "%s", leak);
	}
}
