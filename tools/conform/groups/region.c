// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group region: read() and write() of all regions but the configuration space. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../control.h"
#include "bounds.h"
#include "region_access.h"
#include "suite.h"

#define BIG		65536
#define SPREAD		16
#define INDEX_SHIFT	40		/* where vfio-pci and the samples put their indexes */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static struct regions rs;

static unsigned long long ull(uint64_t v)
{
	return v;
}

static void read_straddle(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_read_straddle(&rs, OTHER_REGIONS);
}

static void read_past_end(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_read_past_end(&rs, OTHER_REGIONS);
}

static void write_straddle(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_write_straddle(&rs, OTHER_REGIONS);
}

static void write_past_end(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_write_past_end(&rs, OTHER_REGIONS);
}

static void read_bad_buffer(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_read_bad_buffer(&rs, OTHER_REGIONS);
}

static void write_bad_buffer(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_write_bad_buffer(&rs, OTHER_REGIONS);
}

static void count_zero(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_count_zero(&rs, ALL_REGIONS);
}

static void no_leak(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	check_no_leak(&rs, OTHER_REGIONS);
}

/* Places that belong to no region */

/* A read and, if it is refused, a write at a position of the device fd. False if one succeeded. */
static bool position_is_refused(int fd, uint64_t pos, size_t n)
{
	uint8_t buf[8] = { 0 };
	ssize_t ret = vfio_read(fd, buf, n, pos);

	if (ret > 0) {
		failed("an error: no region is there", "a read of %zu bytes gave %zd", n, ret);
		return false;
	}
	ret = vfio_write(fd, buf, n, pos);
	if (ret > 0)
		failed("an error: no region is there", "a write of %zu bytes took %zd", n, ret);
	return ret <= 0;
}

/* The 8th byte first: registers with effects, which a wrong index may hit, mostly lie lower. */
static bool place_is_refused(int fd, uint64_t pos)
{
	return (pos_in_a_region(&rs, pos + 7) || position_is_refused(fd, pos + 7, 1)) &&
	       (pos_in_a_region(&rs, pos) || pos_in_a_region(&rs, pos + 3) ||
		position_is_refused(fd, pos, 4));
}

static void size_zero(struct env *env)
{
	unsigned int n = 0;

	regions_load(&rs, env->vfio.device);
	for (unsigned int i = 0; i < rs.nr; i++) {
		const struct region *r = &rs.r[i];

		if (r->size || pos_in_a_region(&rs, r->offset))
			continue;
		n++;
		did("access to region %u, whose size is 0, at its offset %#llx", r->index,
		    ull(r->offset));
		if (!place_is_refused(env->vfio.device, r->offset))
			return;
	}
	if (!n)
		note("no region of size 0 has an offset of its own");
}

/* What lies behind the end of a declared region is for the tests of that region's bounds. */
static bool is_of_a_declared_index(uint64_t pos)
{
	for (unsigned int i = 0; i < rs.nr; i++) {
		uint64_t index = rs.r[i].offset >> INDEX_SHIFT;

		if (index && index == pos >> INDEX_SHIFT)
			return true;
	}
	return pos == 0;
}

static void undeclared_offset(struct env *env)
{
	static const uint64_t far[] = {
		0x7fffffULL << INDEX_SHIFT, 0x7ffffeULL << INDEX_SHIFT, 1ULL << 62,
		0x7fffffffffffff00, 0x7ffffffffffffff0,
	};
	uint64_t last = 0;

	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, ALL_REGIONS, r));)
		if (r->offset + r->size > last)
			last = r->offset + r->size;
	for (unsigned int i = 0; i <= 256 + ARRAY_SIZE(far); i++) {
		uint64_t pos = i < 256 ? (uint64_t)i << INDEX_SHIFT : i == 256 ? last + 0x10000
							: far[i - 257];

		if (is_of_a_declared_index(pos))
			continue;
		did("access to the device at %#llx", ull(pos));
		if (!place_is_refused(env->vfio.device, pos))
			return;
	}
}

/* -EFAULT speaks of the caller's buffer, -EPERM of his rights: neither is what is wrong here. */
static void refused_errno(struct env *env)
{
	uint32_t buf = 0;

	regions_load(&rs, env->vfio.device);
	for (uint64_t index = rs.num; index < rs.num + 3; index++) {
		uint64_t pos = index << INDEX_SHIFT;
		ssize_t ret;

		if (pos_in_a_region(&rs, pos))
			continue;
		ret = vfio_read(env->vfio.device, &buf, sizeof(buf), pos);
		did("read of 4 bytes from the device at %#llx, where no region is", ull(pos));
		if (ret == -EFAULT || ret == -EPERM)
			failed("-EINVAL: the buffer is good, and so are the rights", "%s",
			       err_name(ret));
	}
}

static void offset_wrap(struct env *env)
{
	static const int64_t positions[] = { INT64_MAX, INT64_MAX - 3, INT64_MAX - 7, -1, -8,
					     INT64_MIN, INT64_MIN + 4 };

	regions_load(&rs, env->vfio.device);
	for (unsigned int i = 0; i < ARRAY_SIZE(positions); i++) {
		did("access of 8 bytes to the device at %#llx, where position + count overflows",
		    ull((uint64_t)positions[i]));
		if (!position_is_refused(env->vfio.device, (uint64_t)positions[i], 8))
			return;
	}
}

/* Widths and counts */

/* Reads twice into different bytes: what is the same as before in both was not written. */
static void check_read_fills(const struct region *r, uint64_t off, size_t n)
{
	uint8_t a[16], b[16];
	ssize_t ra, rb;

	memset(a, 0xa5, sizeof(a));
	memset(b, 0x5a, sizeof(b));
	did("read of %zu bytes at %#llx of region %u into bytes 0xa5, then 0x5a", n, ull(off),
	    r->index);
	ra = region_read(r, off, a, n);
	rb = region_read(r, off, b, n);
	if (ra > (ssize_t)n || rb > (ssize_t)n)
		failed("no more than was asked for", "%zd, then %zd", ra, rb);
	for (ssize_t i = 0; i < ra && i < rb && i < (ssize_t)n; i++) {
		if (a[i] != 0xa5 || b[i] != 0x5a)
			continue;
		failed("all bytes that the result counts", "%zd, but byte %zd was not written", ra, i);
		return;
	}
	for (size_t i = n; i < sizeof(a); i++)
		if (a[i] != 0xa5 || b[i] != 0x5a)
			failed("no byte more than was asked for", "byte %zu was written", i);
}

static void read_fills(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, ALL_REGIONS, r));) {
		uint64_t step = r->size / 2 / SPREAD & ~7ULL;

		for (uint64_t off = 0; off + 8 <= r->size && off <= r->size / 2;
		     off += step ? step : 8)
			for (size_t n = 1; n <= 8; n *= 2)
				check_read_fills(r, off, n);
	}
}

static void read_widths(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));) {
		unsigned int good = 0;
		uint8_t buf[8];

		for (size_t n = 1; n <= 8 && n <= r->size; n *= 2)
			good += region_read(r, 0, buf, n) == (ssize_t)n;
		did("reads of 1, 2, 4 and 8 bytes at 0 of region %u, which can be read", r->index);
		if (region_readable(r) && !good)
			failed("a width that works", "all of them are refused");
	}
}

static void read_large(struct env *env)
{
	static uint8_t buf[BIG + 64];

	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));) {
		static const size_t counts[] = { 3, 5, 7, 12, 64, 4096, 4097, BIG };

		for (unsigned int i = 0; i < ARRAY_SIZE(counts) && counts[i] <= r->size / 2; i++) {
			size_t n = counts[i];
			ssize_t ret;

			memset(buf, 0xa5, sizeof(buf));
			did("read of %zu bytes at 0 of region %u", n, r->index);
			ret = region_read(r, 0, buf, n);
			if (ret > (ssize_t)n)
				failed("no more than was asked for", "%zd", ret);
			for (size_t k = n; k < n + 64; k++)
				if (buf[k] != 0xa5) {
					failed("no byte behind the buffer's end",
					       "byte %zu was written", k);
					break;
				}
		}
	}
}

/* Regions that behave like memory */

/* The next region that keeps what is written to it; skips the test if there is not even one. */
static const struct region *next_memory(const struct region *r)
{
	bool first = !r;

	while ((r = region_next(&rs, OTHER_REGIONS, r)))
		if (region_is_memory(r))
			return r;
	if (first)
		skip("no region behaves like memory");
	return NULL;
}

static uint32_t pattern(unsigned int i)
{
	return 0x9e3779b9u * (i + 1);
}

static void memory_of(const struct region *r)
{
	uint64_t end = region_edge_is_safe(r) ? r->size : r->size / 2, offs[SPREAD];
	uint32_t old[SPREAD] = { 0 }, v = 0;

	for (unsigned int i = 0; i < SPREAD; i++)
		offs[i] = (end - 4) / (SPREAD - 1) * i & ~3ULL;
	offs[SPREAD - 1] = end - 4;
	for (unsigned int i = 0; i < SPREAD; i++) {
		region_read32(r, offs[i], &old[i]);
		did("write of 4 bytes at %#llx of region %u", ull(offs[i]), r->index);
		if (!region_write32(r, offs[i], pattern(i)))
			failed("success, as at other offsets", "a failure");
	}
	for (unsigned int i = 0; i < SPREAD; i++) {
		did("write of %u different values to region %u, then a read at %#llx", SPREAD, r->index,
		    ull(offs[i]));
		if (!region_read32(r, offs[i], &v) || v != pattern(i))
			failed("the value that was written there", "%#x instead of %#x", v,
			       pattern(i));
	}
	for (unsigned int i = 0; i < SPREAD; i++)
		region_write32(r, offs[i], old[i]);
}

static void memory_readback(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = next_memory(r));)
		memory_of(r);
}

#define WINDOW 32

/* Writes @n bytes at @at of the window, and compares all of the window with a model of it. */
static bool window_access(const struct region *r, uint64_t base, unsigned int at, size_t n,
			  uint8_t *model)
{
	uint8_t data[16] = { 0 }, seen[WINDOW], some[16] = { 0 };
	ssize_t ret;

	for (size_t i = 0; i < n; i++)
		data[i] = (uint8_t)(0x31 + 7 * at + 3 * i + n);
	did("write and read of %zu bytes at %#llx of region %u", n, ull(base + at), r->index);
	ret = region_write(r, base + at, data, n);
	/* Any access but of 1, 2, 4 or 8 aligned bytes may be refused; then it does nothing. */
	if (ret > 0)
		memcpy(model + at, data, (size_t)ret);
	for (unsigned int i = 0; i < WINDOW; i += 4)
		region_read(r, base + i, seen + i, 4);
	if (memcmp(seen, model, WINDOW)) {
		failed("these bytes changed and no others", "the write gave %zd; the %u bytes around "
		       "it are not what was written", ret, WINDOW);
		return false;
	}
	ret = region_read(r, base + at, some, n);
	if (ret > 0 && memcmp(some, model + at, (size_t)ret)) {
		failed("the bytes that are there", "the read gave %zd bytes, others", ret);
		return false;
	}
	return true;
}

static void widths_of(const struct region *r)
{
	uint64_t base = r->size / 4 & ~63ULL;
	uint8_t model[WINDOW], old[WINDOW];

	for (unsigned int i = 0; i < WINDOW; i += 4) {
		region_read(r, base + i, old + i, 4);
		model[i] = model[i + 1] = model[i + 2] = model[i + 3] = (uint8_t)(0xc0 + i);
		region_write(r, base + i, model + i, 4);
	}
	for (size_t n = 1; n <= 8; n++)
		for (unsigned int at = 4; at < 12; at++)
			if (!window_access(r, base, at, n, model))
				return;
	for (unsigned int i = 0; i < WINDOW; i += 4)
		region_write(r, base + i, old + i, 4);
}

static void memory_widths(struct env *env)
{
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = next_memory(r));)
		widths_of(r);
}

static uint8_t large_byte(size_t i)
{
	return (uint8_t)(i * 7 + (i >> 8) * 13 + 1);
}

/*
 * Writes @n bytes at once and reads them by dwords, then the other way round. To a server each one
 * is a message: of many of them every ninth is asked for, and all in one read besides.
 */
static void large_of(const struct region *r, uint64_t base, size_t n)
{
	static uint8_t data[BIG], seen[BIG];
	size_t step = control_active() && n > 256 ? 36 : 4;
	ssize_t ret;

	for (size_t i = 0; i < n; i++)
		data[i] = large_byte(i + n);
	ret = region_write(r, base, data, n);
	if (step > 4)
		region_read(r, base, seen, n);
	for (size_t i = 0; i < n; i += step)
		region_read(r, base + i, seen + i, 4);
	did("write of %zu bytes at %#llx of region %u, then reads of 4", n, ull(base), r->index);
	if (ret > 0 && memcmp(seen, data, (size_t)ret))
		failed("what was written", "the write took %zd bytes, others are there", ret);
	for (size_t i = 0; i < n; i += step) {
		for (size_t j = i; j < i + 4; j++)
			data[j] = large_byte(j + 2 * n);
		region_write(r, base + i, data + i, 4);
	}
	did("writes of 4 bytes, then a read of %zu at %#llx of region %u", n, ull(base), r->index);
	ret = region_read(r, base, seen, n);
	if (ret > 0 && memcmp(seen, data, (size_t)ret))
		failed("what was written", "the read gave %zd bytes, others", ret);
}

static void memory_large(struct env *env)
{
	static const size_t counts[] = { 12, 16, 64, 256, 1024, 4096, BIG };

	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = next_memory(r));) {
		uint64_t end = region_edge_is_safe(r) ? r->size : r->size / 2;

		for (unsigned int i = 0; i < ARRAY_SIZE(counts) && counts[i] <= end; i++)
			large_of(r, (end - counts[i]) & ~3ULL, counts[i]);
	}
}

static void check_not_writable(const struct region *r)
{
	uint32_t before = 0, after = 0;
	bool readable = region_read32(r, 0, &before);
	uint32_t v = ~before;
	ssize_t ret = region_write(r, 0, &v, sizeof(v));

	did("write to region %u, which has no VFIO_REGION_INFO_FLAG_WRITE", r->index);
	if (ret > 0)
		failed("an error", "%zd", ret);
	if (readable && region_read32(r, 0, &after) && after != before)
		failed("nothing changed", "%#x became %#x", before, after);
}

static void access_flags(struct env *env)
{
	unsigned int n = 0;
	uint8_t buf[4];

	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, ALL_REGIONS, r));) {
		if (!region_writable(r)) {
			n++;
			check_not_writable(r);
		}
		if (!region_readable(r)) {
			ssize_t ret = region_read(r, 0, buf, sizeof(buf));

			n++;
			did("read of region %u, which has no VFIO_REGION_INFO_FLAG_READ", r->index);
			if (ret > 0)
				failed("an error", "%zd", ret);
		}
	}
	if (!n)
		skip("all regions can be read and written");
}

const struct test region_tests[] = {
	{ "region.read_straddle", "reads that cross a region's end stop there", read_straddle,
	  USES_DEVICE, 0 },
	{ "region.read_past_end", "reads behind a region's end are refused", read_past_end,
	  USES_DEVICE, 0 },
	{ "region.write_straddle", "writes that cross a region's end stop there", write_straddle,
	  USES_DEVICE, 0 },
	{ "region.write_past_end", "writes behind a region's end are refused", write_past_end,
	  USES_DEVICE, 0 },
	{ "region.size_zero", "there is nothing at the offset of a region of size 0", size_zero,
	  USES_DEVICE, 0 },
	{ "region.refused_errno", "a refused access says what is wrong", refused_errno, USES_DEVICE,
	  0 },
	{ "region.undeclared_offset", "there is nothing where no region is", undeclared_offset,
	  USES_DEVICE, 0 },
	{ "region.offset_wrap", "accesses whose end overflows are refused", offset_wrap, USES_DEVICE,
	  0 },
	{ "region.count_zero", "an access of 0 bytes does nothing", count_zero, USES_DEVICE, 0 },
	{ "region.read_bad_buffer", "reads into bad buffers are refused", read_bad_buffer, USES_DEVICE,
	  0 },
	{ "region.write_bad_buffer", "writes from bad buffers are refused", write_bad_buffer,
	  USES_DEVICE, 0 },
	{ "region.read_widths", "a region that can be read takes some width", read_widths, USES_DEVICE,
	  0 },
	{ "region.read_fills", "a read fills what its result counts", read_fills, USES_DEVICE, 0 },
	{ "region.read_large", "reads of odd and of large counts stay in the buffer", read_large,
	  USES_DEVICE, 0 },
	{ "region.no_leak", "reads give no bytes of the kernel's stack or heap", no_leak, USES_DEVICE,
	  0 },
	{ "region.access_flags", "regions that are not readable or writable refuse it", access_flags,
	  USES_DEVICE, 0 },
	{ "region.memory_readback", "a value written at one offset is there, and nowhere else",
	  memory_readback, USES_DEVICE, 0 },
	{ "region.memory_large", "accesses of many bytes are right or refused", memory_large,
	  USES_DEVICE, 0 },
	{ "region.memory_widths", "accesses of any width and alignment are right or refused",
	  memory_widths, USES_DEVICE, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
