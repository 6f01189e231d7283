// SPDX-License-Identifier: GPL-2.0-only
/* Scatter lists: each piece is mapped for itself. */
#include <linux/scatterlist.h>
#include <linux/slab.h>

void sg_init_table(struct scatterlist *list, unsigned int nr)
{
	memset(list, 0, nr * sizeof(*list));
	list[nr - 1].user_last = true;
}

void sg_set_buf(struct scatterlist *sg, const void *mem, unsigned int size)
{
	sg->page.address = (void *)((unsigned long)mem & PAGE_MASK);
	sg->offset = offset_in_page(mem);
	sg->length = size;
}

void sg_set_page(struct scatterlist *sg, struct page *page, unsigned int size, unsigned int offset)
{
	sg->page = *page;
	sg->offset = offset;
	sg->length = size;
}

void sg_init_one(struct scatterlist *sg, const void *mem, unsigned int size)
{
	sg_init_table(sg, 1);
	sg_set_buf(sg, mem, size);
}

struct scatterlist *sg_next(struct scatterlist *sg)
{
	return sg->user_last ? NULL : sg + 1;
}

int sg_nents(struct scatterlist *list)
{
	int nr = 0;

	for (; list; list = sg_next(list))
		nr++;
	return nr;
}

int sg_alloc_table(struct sg_table *table, unsigned int nr, gfp_t flags)
{
	memset(table, 0, sizeof(*table));
	table->sgl = nr ? kcalloc(nr, sizeof(*table->sgl), flags) : NULL;
	if (!table->sgl)
		return nr ? -ENOMEM : -EINVAL;
	sg_init_table(table->sgl, nr);
	table->nents = table->orig_nents = nr;
	return 0;
}

void sg_free_table(struct sg_table *table)
{
	kfree(table->sgl);
	memset(table, 0, sizeof(*table));
}

/* How many pages from @first on follow each other in memory, and fit into one piece. */
static unsigned int run_of(struct page **pages, unsigned int nr, unsigned int first,
			   unsigned int longest)
{
	unsigned int run = 1;

	while (first + run < nr && (run + 1) * PAGE_SIZE <= longest &&
	       page_address(pages[first + run]) ==
	       (char *)page_address(pages[first + run - 1]) + PAGE_SIZE)
		run++;
	return run;
}

int sg_alloc_table_from_pages_segment(struct sg_table *table, struct page **pages, unsigned int nr,
				      unsigned int offset, unsigned long size, unsigned int longest,
				      gfp_t flags)
{
	unsigned int at, run, pieces = 0;
	struct scatterlist *sg;
	unsigned long len;
	int ret;

	if (longest < PAGE_SIZE || !nr)
		return -EINVAL;
	for (at = 0; at < nr; at += run_of(pages, nr, at, longest))
		pieces++;
	ret = sg_alloc_table(table, pieces, flags);
	if (ret)
		return ret;
	for (at = 0, sg = table->sgl; at < nr; at += run, sg++) {
		run = run_of(pages, nr, at, longest);
		len = min_t(unsigned long, size, run * PAGE_SIZE - offset);
		sg_set_page(sg, pages[at], len, offset);
		size -= len;
		offset = 0;
	}
	return 0;
}

void dma_unmap_sg(struct device *dev, struct scatterlist *list, int nr, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nr, i)
		user_dma_unmap(dev, sg->dma_address, sg->dma_length, dir);
}

int dma_map_sg(struct device *dev, struct scatterlist *list, int nr, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(list, sg, nr, i) {
		sg->dma_address = user_dma_map(dev, sg_virt(sg), sg->length, dir);
		sg->dma_length = sg->length;
		if (!dma_mapping_error(dev, sg->dma_address))
			continue;
		dma_unmap_sg(dev, list, i, dir);
		return 0;
	}
	return nr;
}

int dma_map_sgtable(struct device *dev, struct sg_table *table, enum dma_data_direction dir,
		    unsigned long attrs)
{
	int nr = dma_map_sg(dev, table->sgl, table->orig_nents, dir);

	if (!nr)
		return -EIO;
	table->nents = nr;
	return 0;
}

void dma_unmap_sgtable(struct device *dev, struct sg_table *table, enum dma_data_direction dir,
		       unsigned long attrs)
{
	dma_unmap_sg(dev, table->sgl, table->orig_nents, dir);
}
