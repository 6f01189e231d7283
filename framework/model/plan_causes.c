// SPDX-License-Identifier: GPL-2.0-only
/* Compiles a checked model's causes: a set for each status register. */
#include "plan.h"

/* Neither a read nor a write of it is what its row alone says. */
static void mdk_plan_mask_clear(struct mdk_plan *plan, const struct mdk_cause *cause)
{
	struct mdk_slot *slot = &plan->slots[cause->region];
	struct mdk_element *element;

	slot->map[cause->mask_clear / 4] &= ~(MDK_MAP_STORED | MDK_MAP_PLAIN);
	element = &slot->elements[mdk_plan_number(plan, cause->region, cause->mask_clear)];
	element->flags |= MDK_ELEMENT_CLEARS;
	element->mask = mdk_plan_number(plan, cause->region, cause->mask);
}

/* The set of the row's status register; a new one if it is the first row of it. */
static u32 mdk_plan_cause_set(struct mdk_plan *plan, const struct mdk_cause *cause)
{
	u32 status = mdk_plan_value(plan, cause->region, cause->status), i;
	struct mdk_cause_set *set;

	for (i = 0; i < plan->nr_cause_sets; i++)
		if (plan->cause_sets[i].status == status)
			return i;
	set = &plan->cause_sets[plan->nr_cause_sets++];
	*set = (struct mdk_cause_set){
		.region = cause->region,
		.offset = cause->status,
		.status = status,
		.mask = status,
		.through = ~0U,
	};
	mdk_plan_mark(plan, cause->region, cause->status, MDK_ELEMENT_CAUSES);
	if (!cause->polarity)
		return i;
	set->mask = mdk_plan_value(plan, cause->region, cause->mask);
	set->through = 0;
	set->invert = cause->polarity == MDK_ONE_MASKS ? ~0U : 0;
	mdk_plan_mark(plan, cause->region, cause->mask, MDK_ELEMENT_CAUSES);
	if (cause->mask_clear)
		mdk_plan_mask_clear(plan, cause);
	return i;
}

static void mdk_vector_add(struct mdk_vector *vectors, u32 known, u32 bit, u16 number)
{
	u32 i;

	vectors[bit] = (struct mdk_vector){ .number = number, .peers = 1U << bit };
	for (i = 0; i < 32; i++) {
		if (!(known & 1U << i) || vectors[i].number != number)
			continue;
		vectors[i].peers |= 1U << bit;
		vectors[bit].peers |= 1U << i;
	}
}

static u32 mdk_plan_mask_of(const struct mdk_plan *plan, u32 region, u32 offset)
{
	const struct mdk_slot *slot = &plan->slots[region];

	return mdk_slot_row(slot, mdk_plan_number(plan, region, offset))->mask;
}

static void mdk_plan_pick(struct mdk_plan *plan, struct mdk_cause_set *set,
			  const struct mdk_cause *cause)
{
	u32 bits = cause->vector_bits;

	if (!cause->vector_at)
		return;
	if (!bits)
		bits = mdk_plan_mask_of(plan, cause->region, cause->vector_at);
	set->picked |= 1U << cause->bit;
	set->picks[cause->bit] = (struct mdk_pick){
		.val = mdk_plan_value(plan, cause->region, cause->vector_at),
		.bits = bits,
	};
}

static void mdk_plan_gap(struct mdk_plan *plan, struct mdk_cause_set *set,
			 const struct mdk_cause *cause)
{
	struct mdk_gap_spec *gap = &set->gaps[cause->bit];

	if (!cause->gap_us && !cause->gap_at)
		return;
	set->moderated |= 1U << cause->bit;
	*gap = (struct mdk_gap_spec){
		.nr = plan->nr_gaps++,
		.val = MDK_NO_VAL,
		.us = cause->gap_us ? cause->gap_us : 1,
	};
	if (cause->gap_at)
		gap->val = mdk_plan_value(plan, cause->region, cause->gap_at);
}

static void mdk_plan_compile_cause(struct mdk_plan *plan, const struct mdk_cause *cause)
{
	struct mdk_cause_set *set = &plan->cause_sets[mdk_plan_cause_set(plan, cause)];

	mdk_plan_pick(plan, set, cause);
	mdk_plan_gap(plan, set, cause);
	if (cause->auto_mask)
		set->auto_mask |= 1U << cause->bit;
	mdk_vector_add(set->msi, set->bits, cause->bit, cause->to.msi);
	mdk_vector_add(set->msix, set->bits, cause->bit, cause->to.msix);
	set->bits |= 1U << cause->bit;
}

void mdk_plan_compile_causes(struct mdk_plan *plan)
{
	const struct mdk_model *model = plan->desc->model;
	u32 i;

	for (i = 0; i < model->nr_irqs; i++)
		plan->irqs |= BIT(model->irqs[i].index);
	for (i = 0; i < model->nr_causes; i++)
		mdk_plan_compile_cause(plan, mdk_desc_cause(plan->desc, i));
}
