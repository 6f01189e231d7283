// SPDX-License-Identifier: GPL-2.0-only
/* The register page: the rings of MDK_RINGS(), by their places. */
#include "page.h"

static const char *const mdk_ring_sizes[] = {
	[MDK_SIZE_COUNT] = "count", [MDK_SIZE_LAST] = "last",
	[MDK_SIZE_LOG2] = "exponent", [MDK_SIZE_BYTES] = "bytes",
};

static const char *const mdk_ring_ends[] = {
	[MDK_INDEX_COUNT] = "counts", [MDK_INDEX_SLOT] = "places", [MDK_INDEX_MORE] = "how many more",
};

static void mdk_page_at(const struct mdk_page *page, struct mdk_at at, bool given)
{
	if (given)
		mdk_page_printf(page->out, " %u:0x%03x |", at.region, at.offset);
	else
		mdk_page_printf(page->out, " - |");
}

static void mdk_page_ring_count(const struct mdk_page *page, const struct mdk_ring_row *row)
{
	u32 count = mdk_ring_row_count(row);

	if (mdk_at_given(row->select))
		mdk_page_printf(page->out, " %u, selected by %u:0x%03x |", count,
				row->select.region, row->select.offset);
	else if (count > 1)
		mdk_page_printf(page->out, " %u, 0x%x apart |", count, row->stride);
	else
		mdk_page_printf(page->out, " 1 |");
}

static void mdk_page_ring_descs(const struct mdk_page *page, const struct mdk_ring_row *row)
{
	mdk_page_printf(page->out, " %u of %u bytes; ", row->max, row->desc_size);
	if (row->driver_starts)
		mdk_page_printf(page->out, "started by the driver");
	else
		mdk_page_printf(page->out, "size: %s", mdk_ring_sizes[row->size_is]);
	if (row->size_bits)
		mdk_page_printf(page->out, ", bits 0x%x", row->size_bits);
	mdk_page_printf(page->out, "; ends: %s |\n", mdk_ring_ends[row->indices]);
}

static void mdk_page_ring(const struct mdk_page *page, const struct mdk_ring_row *row)
{
	mdk_page_printf(page->out, "| %s | %s |", row->name,
			row->completions ? "completions" : row->to ? row->to :
			row->silent ? "work" : "work, written back");
	mdk_page_ring_count(page, row);
	mdk_page_at(page, row->base, !row->driver_starts);
	mdk_page_at(page, row->base_high, mdk_at_given(row->base_high));
	mdk_page_at(page, row->size, mdk_at_given(row->size));
	mdk_page_at(page, row->control, mdk_at_given(row->control));
	mdk_page_at(page, row->head, mdk_at_given(row->head));
	mdk_page_at(page, row->tail, mdk_at_given(row->tail));
	mdk_page_at(page, row->state, mdk_at_given(row->state));
	mdk_page_ring_descs(page, row);
}

void mdk_page_rings(const struct mdk_page *page)
{
	u32 i, nr = page->desc->model->nr_rings;

	if (!nr)
		return;
	mdk_page_printf(page->out, "\n## Rings\n\n"
			"| name | kind | rings | base | high | size | control | head | tail | state | descriptors |\n"
			"|---|---|---|---|---|---|---|---|---|---|---|\n");
	for (i = 0; i < nr; i++)
		mdk_page_ring(page, mdk_desc_ring(page->desc, i));
}
