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
	const struct mdk_at ats[] = { row->base, row->base_high, row->size, row->control,
				      row->head, row->tail, row->state };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ats); i++)
		if (ats[i].region == region && (mdk_at_given(ats[i]) || !i))
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

/* Its writes are told to run/access/rings.c, for this ring and those before. */
static void mdk_ring_mark(struct mdk_plan *plan, struct mdk_at at, u32 number)
{
	struct mdk_element *element = mdk_plan_mark(plan, at.region, at.offset, MDK_ELEMENT_RING);

	if (!element->end_ring)
		element->first_ring = number;
	element->end_ring = number + 1;
}

/* Return: where its value is; MDK_NO_VAL if it is not given. */
static u32 mdk_ring_bind(struct mdk_plan *plan, struct mdk_at at, u32 index,
			 const struct mdk_ring_row *row, bool marks)
{
	if (!mdk_at_given(at))
		return MDK_NO_VAL;
	at.offset += index * row->stride;
	if (marks)
		mdk_ring_mark(plan, at, plan->nr_rings);
	return mdk_plan_value(plan, at.region, at.offset);
}

static void mdk_plan_compile_ring(struct mdk_plan *plan, u32 n, u32 index)
{
	const struct mdk_ring_row *row = mdk_desc_ring(plan->desc, n);
	struct mdk_at bell = mdk_ring_row_bell(row);
	struct mdk_at done = row->completions ? row->tail : row->head;
	bool control = mdk_at_given(row->control);
	struct mdk_at base = row->base;

	base.offset += index * row->stride;
	plan->rings[plan->nr_rings] = (struct mdk_ring_plan){
		.row = row,
		.number = n,
		.index = index,
		.base = mdk_plan_value(plan, base.region, base.offset),
		.base_high = mdk_ring_bind(plan, row->base_high, index, row, false),
		.size = mdk_ring_bind(plan, row->size, index, row, !control),
		.control = mdk_ring_bind(plan, row->control, index, row, true),
		.bell = mdk_ring_bind(plan, bell, index, row, true),
		.done = mdk_ring_bind(plan, done, index, row, false),
		.state = mdk_ring_bind(plan, row->state, index, row, false),
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
