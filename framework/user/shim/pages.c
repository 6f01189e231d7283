// SPDX-License-Identifier: GPL-2.0-only
/* Pages of the process's own. */
#include <stdlib.h>

#include <user/mem.h>

unsigned long user_get_pages(gfp_t flags, unsigned int order, const char *file, int line)
{
	size_t size = PAGE_SIZE << order;
	void *mem;

	if (gfpflags_allow_blocking(flags))
		user_might_sleep(file, line);
	if (order > MAX_PAGE_ORDER) {
		if (!(flags & __GFP_NOWARN))
			user_warn(file, line, "2^%u pages at once, and 2^%u are the most", order,
				  MAX_PAGE_ORDER);
		return 0;
	}
	mem = aligned_alloc(size, size);
	if (mem && flags & __GFP_ZERO)
		memset(mem, 0, size);
	return (unsigned long)mem;
}

void free_pages(unsigned long address, unsigned int order)
{
	free((void *)address);
}

struct page *user_alloc_pages(gfp_t flags, unsigned int order, const char *file, int line)
{
	struct page *page = malloc(sizeof(*page));

	if (!page)
		return NULL;
	page->address = (void *)user_get_pages(flags, order, file, line);
	if (page->address)
		return page;
	free(page);
	return NULL;
}

void __free_pages(struct page *page, unsigned int order)
{
	if (!page)
		return;
	free(page->address);
	free(page);
}
