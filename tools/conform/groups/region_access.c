// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The regions of an open device, and careful ways to reach into them. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "region_access.h"

#define MEMORY_MIN_SIZE	256
#define MEMORY_PROBES	8

void regions_load(struct regions *rs, int fd)
{
	struct vfio_device_info info;
	int ret;

	did("VFIO_DEVICE_GET_INFO");
	ret = vfio_device_info(fd, &info);
	if (ret) {
		failed("an answer", "%s", err_name(ret));
		test_end();
	}
	rs->num = info.num_regions;
	rs->pci = info.flags & VFIO_DEVICE_FLAGS_PCI;
	rs->nr = 0;
	for (unsigned int i = 0; i < rs->num && i < MAX_REGIONS; i++) {
		struct vfio_region_info ri;

		if (vfio_region_info(fd, i, &ri))
			continue;
		rs->r[rs->nr++] = (struct region){
			.fd = fd, .index = i, .offset = ri.offset, .size = ri.size,
			.flags = ri.flags, .caps = ri.flags & VFIO_REGION_INFO_FLAG_CAPS,
		};
	}
}

static bool is_kind(const struct regions *rs, const struct region *r, enum region_kind kind)
{
	bool config = rs->pci && r->index == VFIO_PCI_CONFIG_REGION_INDEX;

	return kind == ALL_REGIONS || config == (kind == CONFIG_REGION);
}

const struct region *region_next(const struct regions *rs, enum region_kind kind,
				 const struct region *prev)
{
	const struct region *end = rs->r + rs->nr;

	for (const struct region *r = prev ? prev + 1 : rs->r; r < end; r++)
		if (r->size && is_kind(rs, r, kind))
			return r;
	return NULL;
}

const struct region *need_config(const struct regions *rs)
{
	const struct region *r;

	if (!rs->pci)
		skip("the device is not a PCI device: it has no configuration space");
	r = region_next(rs, CONFIG_REGION, NULL);
	if (!r) {
		did("VFIO_DEVICE_GET_REGION_INFO of index %d, the configuration space",
		    VFIO_PCI_CONFIG_REGION_INDEX);
		failed("a region: VFIO_DEVICE_FLAGS_PCI is set", "no region, or its size is 0");
		test_end();
	}
	return r;
}

ssize_t region_read(const struct region *r, uint64_t off, void *buf, size_t n)
{
	return vfio_read(r->fd, buf, n, r->offset + off);
}

ssize_t region_write(const struct region *r, uint64_t off, const void *buf, size_t n)
{
	return vfio_write(r->fd, buf, n, r->offset + off);
}

bool region_read32(const struct region *r, uint64_t off, uint32_t *v)
{
	return region_read(r, off, v, sizeof(*v)) == sizeof(*v);
}

bool region_write32(const struct region *r, uint64_t off, uint32_t v)
{
	return region_write(r, off, &v, sizeof(v)) == sizeof(v);
}

void region_snapshot(const struct region *r, uint64_t off, uint8_t *buf, uint8_t *valid, size_t n)
{
	memset(valid, 0, n);
	for (size_t i = 0; i < n;) {
		if (i + 4 <= n && region_read(r, off + i, buf + i, 4) == 4) {
			memset(valid + i, 1, 4);
			i += 4;
			continue;
		}
		valid[i] = region_read(r, off + i, buf + i, 1) == 1;
		i++;
	}
}

bool region_readable(const struct region *r)
{
	return r->flags & VFIO_REGION_INFO_FLAG_READ;
}

bool region_writable(const struct region *r)
{
	return r->flags & VFIO_REGION_INFO_FLAG_WRITE;
}

bool region_mappable(const struct region *r)
{
	return r->flags & VFIO_REGION_INFO_FLAG_MMAP;
}

bool pos_in_a_region(const struct regions *rs, uint64_t pos)
{
	for (unsigned int i = 0; i < rs->nr; i++)
		if (pos >= rs->r[i].offset && pos - rs->r[i].offset < rs->r[i].size)
			return true;
	return false;
}

/* Whether one dword takes two patterns, one after the other; puts back what was there. */
static bool dword_is_memory(const struct region *r, uint64_t off, uint32_t pattern)
{
	uint32_t old, a = 0, b = 0;
	bool ok;

	if (!region_read32(r, off, &old))
		return false;
	ok = region_write32(r, off, pattern) && region_read32(r, off, &a) && a == pattern &&
	     region_write32(r, off, ~pattern) && region_read32(r, off, &b) && b == ~pattern;
	region_write32(r, off, old);
	return ok;
}

bool region_is_memory(const struct region *r)
{
	uint64_t half = r->size / 2;

	if (r->size < MEMORY_MIN_SIZE || !region_readable(r) || !region_writable(r))
		return false;
	for (unsigned int i = 0; i < MEMORY_PROBES; i++) {
		uint64_t off = half / MEMORY_PROBES * i & ~3ULL;

		if (!dword_is_memory(r, off, 0xc0de5a00u + i))
			return false;
	}
	return true;
}

bool region_edge_is_safe(const struct region *r)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), off = r->size / 2 & ~(page - 1);
	uint32_t old, seen, want = 0x0ddba11;
	volatile uint32_t *map;
	size_t len = off + page;
	bool safe;

	if (!region_mappable(r) || r->size < 2 * page || r->caps || !region_is_memory(r))
		return true;
	map = region_map(r, 0, len, PROT_READ | PROT_WRITE, MAP_SHARED);
	if (!map || !region_read32(r, off, &old))
		return true;
	region_write32(r, off, want);
	seen = map[off / 4];
	safe = seen == want;
	region_write32(r, off, old);
	munmap((void *)map, len);
	if (!safe)
		note("region %u: a value written at %#llx is not there in its mmap (%#x): its edges "
		     "are not tried, what lies there may be outside of the driver's memory", r->index,
		     (unsigned long long)off, seen);
	return safe;
}

void *region_map(const struct region *r, uint64_t off, size_t len, int prot, int flags)
{
	return vfio_map_region(r->fd, r->offset + off, len, prot, flags);
}
