/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The regions of an open device, and careful ways to reach into them. */
#ifndef CONFORM_REGION_ACCESS_H
#define CONFORM_REGION_ACCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "suite.h"

#define MAX_REGIONS	256

struct region {
	int fd;				/* the device */
	unsigned int index;
	uint64_t offset;
	uint64_t size;
	uint32_t flags;
	bool caps;
};

struct regions {
	unsigned int num;		/* num_regions of GET_INFO */
	unsigned int nr;		/* entries of r[]: answered indexes, of any size */
	bool pci;
	struct region r[MAX_REGIONS];
};

/* Which regions a test is about. */
enum region_kind { CONFIG_REGION, OTHER_REGIONS, ALL_REGIONS };

/* Fails and ends the test if the device does not answer. */
void regions_load(struct regions *rs, int fd);
/* The next region of the kind with a size above 0, after @prev (NULL: the first), or NULL. */
const struct region *region_next(const struct regions *rs, enum region_kind kind,
				 const struct region *prev);
/* The configuration space; skips the test for a device that is not PCI. */
const struct region *need_config(const struct regions *rs);

/* Bytes done or -errno; @off is relative to the region. */
ssize_t region_read(const struct region *r, uint64_t off, void *buf, size_t n);
ssize_t region_write(const struct region *r, uint64_t off, const void *buf, size_t n);
bool region_read32(const struct region *r, uint64_t off, uint32_t *v);
bool region_write32(const struct region *r, uint64_t off, uint32_t v);
/* Reads as much of [off, off + n) as the driver gives, dword by dword, else byte by byte. */
void region_snapshot(const struct region *r, uint64_t off, uint8_t *buf, uint8_t *valid, size_t n);

bool region_readable(const struct region *r);
bool region_writable(const struct region *r);
bool region_mappable(const struct region *r);
/* Whether the byte at @pos of the device fd belongs to some region. */
bool pos_in_a_region(const struct regions *rs, uint64_t pos);

/*
 * Whether the region keeps what is written to it like memory. Tries a few places in its first
 * half and puts back what was there.
 */
bool region_is_memory(const struct region *r);
/*
 * A driver whose read() and mmap() disagree about what lies where cannot be trusted with offsets
 * near the region's end: they may lead out of its arrays. False, with a note, if so.
 */
bool region_edge_is_safe(const struct region *r);

/* Where the first part that can be mapped begins; *size is 0 if there is none. */
uint64_t region_first_area(const struct region *r, uint64_t *size);
/* Maps part of the region's file range; NULL and errno on failure. */
void *region_map(const struct region *r, uint64_t off, size_t len, int prot, int flags);

#endif
