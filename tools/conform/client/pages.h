/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Memory of this process, also such as lies high in the machine. */
#ifndef CONFORM_PAGES_H
#define CONFORM_PAGES_H

#include <stdint.h>

/*
 * What memory is filled with, by address: neighbours differ, and so do the same places of two
 * pages; none is 0, which a device that has nothing to write mostly writes.
 */
static inline uint8_t client_pattern(uint64_t address)
{
	return (uint8_t)((address * 0x9e3779b97f4a7c15ULL) >> 56) | 1;
}

/* So many bytes, a multiple of 4 KiB, of zeros; NULL: there are none. */
uint8_t *client_pages(uint64_t len);
/* Likewise, each page at that physical address or above; NULL: there are none there. */
uint8_t *client_pages_above(uint64_t len, uint64_t address);

#endif
