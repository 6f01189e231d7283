// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Memory of this process, also such as lies high in the machine. */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

#define PAGE		4096ULL
#define CHUNK_PAGES	514u	/* in which memory of an address is looked for: 2 MiB and two guards */

uint8_t *client_pages(uint64_t len)
{
	uint8_t *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static bool lies_above(int pagemap, const uint8_t *at, uint64_t address)
{
	uint64_t entry;

	/* Bit 63: it is there; bits 0 to 54: its number, 0 if that is kept from us. */
	if (pread(pagemap, &entry, sizeof(entry),
		  (off_t)((uintptr_t)at / PAGE * sizeof(entry))) != sizeof(entry))
		return false;
	return entry >> 63 && (entry & ((1ULL << 55) - 1)) * PAGE >= address;
}

/* The first run of so many pages in the chunk, or NULL. */
static uint8_t *run_above(int pagemap, uint8_t *chunk, uint64_t pages, uint64_t address)
{
	uint64_t run = 0;

	for (uint64_t i = 0; i < CHUNK_PAGES; i++) {
		run = lies_above(pagemap, chunk + i * PAGE, address) ? run + 1 : 0;
		if (run == pages)
			return chunk + (i + 1 - pages) * PAGE;
	}
	return NULL;
}

/* What is not it stays taken until the end of the program, so that something else comes next. */
uint8_t *client_pages_above(uint64_t len, uint64_t address)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t left = (uint64_t)sysconf(_SC_AVPHYS_PAGES) / 4 * 3, pages = len / PAGE;
	uint8_t *found = NULL, *chunk;

	if (pagemap < 0)
		return NULL;
	for (; !found && pages <= CHUNK_PAGES && left > CHUNK_PAGES; left -= CHUNK_PAGES) {
		chunk = client_pages(CHUNK_PAGES * PAGE);
		if (chunk)
			found = run_above(pagemap, chunk, pages, address);
	}
	close(pagemap);
	return found;
}
