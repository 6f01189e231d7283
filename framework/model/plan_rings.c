// SPDX-License-Identifier: GPL-2.0-only
/* Compiles the rings of a checked model: where in an instance's values their registers are. */
#include "plain.h"
#include "plan.h"

u32 mdk_ring_find(const struct mdk_desc *desc, const char *name)
{
	const struct mdk_ring_row *row;
	u32 i;

	for (i = 0; name && i < desc->model->nr_rings; i++) {
		row = mdk_desc_ring(desc, i);
		if (row->name && !strcmp(row->name, name))
			return i;
	}
	return U32_MAX;
}

/* As mdk_ring_start() pins them: a ring need not begin on a page. */
u64 mdk_desc_rings_pages(const struct mdk_desc *desc)
{
	const struct mdk_ring_row *row;
	u64 pages = 0;
	u32 i;

	for (i = 0; i < desc->model->nr_rings; i++) {
		row = mdk_desc_ring(desc, i);
		pages += mdk_ring_row_count(row) *
			 ((u64)row->max * row->desc_size / desc->page_size + 2 +
			  row->buffer_pages);
	}
	return pages;
}

u64 mdk_desc_nr_rings(const struct mdk_desc *desc)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < desc->model->nr_rings; i++)
		nr += mdk_ring_row_count(mdk_desc_ring(desc, i));
	return nr;
}

static bool mdk_ring_is_in(const struct mdk_ring_row *row, u32 region)
{
	struct mdk_at ats[MDK_RING_ATS];
	u32 i, nr = mdk_ring_row_ats(row, ats);

	for (i = 0; i < nr; i++)
		if (ats[i].region == region)
			return true;
	return false;
}

bool mdk_plan_region_has_rings(const struct mdk_plan *plan, u32 region)
{
	u32 i;

	for (i = 0; i < plan->desc->model->nr_rings; i++)
		if (mdk_ring_is_in(mdk_desc_ring(plan->desc, i), region))
			return true;
	return false;
}

/* It is of this ring and of those that were marked before. */
static struct mdk_element *mdk_ring_mark(struct mdk_plan *plan, struct mdk_at at, u16 flag)
{
	struct mdk_element *element = mdk_plan_mark(plan, at.region, at.offset, flag);

	if (!element->end_ring)
		element->first_ring = plan->nr_rings;
	element->end_ring = plan->nr_rings + 1;
	return element;
}

/* A place that shows the register of the ring that is selected. Return: where that of @index is. */
static u32 mdk_ring_bank(struct mdk_plan *plan, struct mdk_at at, u32 index,
			 const struct mdk_ring_row *row)
{
	struct mdk_element *element = mdk_ring_mark(plan, at, 0);

	if (!(element->flags & MDK_ELEMENT_BANKED)) {
		plan->slots[at.region].map[at.offset / 4] &= ~MDK_MAP_STORED;
		element->flags |= MDK_ELEMENT_BANKED;
		element->bank = plan->nr_vals;
		plan->nr_vals += mdk_ring_row_count(row);
	}
	return element->bank + index;
}

/* Writes of what @marks are told to run/access/rings.c. Return: where its value is. */
static u32 mdk_ring_bind_at(struct mdk_plan *plan, struct mdk_at at, u32 index,
			    const struct mdk_ring_row *row, bool marks)
{
	at.offset += index * row->stride;
	if (marks)
		mdk_ring_mark(plan, at, MDK_ELEMENT_RING);
	if (mdk_at_given(row->select))
		return mdk_ring_bank(plan, at, index, row);
	return mdk_plan_value(plan, at.region, at.offset);
}

/* Return: likewise; MDK_NO_VAL if it is not given. */
static u32 mdk_ring_bind(struct mdk_plan *plan, struct mdk_at at, u32 index,
			 const struct mdk_ring_row *row, bool marks)
{
	return mdk_at_given(at) ? mdk_ring_bind_at(plan, at, index, row, marks) : MDK_NO_VAL;
}

static u32 mdk_ring_select(const struct mdk_plan *plan, struct mdk_at at)
{
	return mdk_at_given(at) ? mdk_plan_value(plan, at.region, at.offset) : MDK_NO_VAL;
}

static void mdk_plan_compile_ring(struct mdk_plan *plan, u32 n, u32 index)
{
	const struct mdk_ring_row *row = mdk_desc_ring(plan->desc, n);
	struct mdk_at bell = mdk_ring_row_bell(row);
	struct mdk_at done = row->completions ? row->tail : row->head;
	bool control = mdk_at_given(row->control);

	plan->rings[plan->nr_rings] = (struct mdk_ring_plan){
		.row = row,
		.number = n,
		.index = index,
		.base = row->driver_starts ? MDK_NO_VAL :
			mdk_ring_bind_at(plan, row->base, index, row, false),
		.base_high = mdk_ring_bind(plan, row->base_high, index, row, false),
		.size = mdk_ring_bind(plan, row->size, index, row, !control),
		.control = mdk_ring_bind(plan, row->control, index, row, true),
		.bell = mdk_ring_bind(plan, bell, index, row, true),
		.done = mdk_ring_bind(plan, done, index, row, false),
		.state = mdk_ring_bind(plan, row->state, index, row, false),
		.select = mdk_ring_select(plan, row->select),
		.to = MDK_NO_RING,
	};
	plan->nr_rings++;
}

/* Its number in mdk_plan.rings; the row and the ring are there. */
static u32 mdk_plan_ring_number(const struct mdk_plan *plan, u32 n, u32 index)
{
	u32 i = 0;

	while (plan->rings[i].number != n)
		i++;
	return i + index;
}

static void mdk_plan_link_rings(struct mdk_plan *plan)
{
	const struct mdk_ring_row *row;
	u32 i, n;

	for (i = 0; i < plan->nr_rings; i++) {
		row = plan->rings[i].row;
		n = mdk_ring_find(plan->desc, row->to);
		if (n == U32_MAX)
			continue;
		plan->rings[i].to = mdk_plan_ring_number(plan, n, 0);
		if (mdk_ring_row_count(mdk_desc_ring(plan->desc, n)) > 1)
			plan->rings[i].to += plan->rings[i].index;
	}
}

void mdk_plan_compile_rings(struct mdk_plan *plan)
{
	u32 n, index;

	for (n = 0; n < plan->desc->model->nr_rings; n++)
		for (index = 0; index < mdk_ring_row_count(mdk_desc_ring(plan->desc, n)); index++)
			mdk_plan_compile_ring(plan, n, index);
	mdk_plan_link_rings(plan);
}
