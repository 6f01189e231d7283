// SPDX-License-Identifier: GPL-2.0-only
/* Compiles a checked model's causes: a set for each status register. */
#include "plan.h"

/* Where in mdk_inst.vals a register is that the model has. */
static u32 mdk_plan_value(const struct mdk_plan *plan, u32 region, u32 offset)
{
	const struct mdk_slot *slot = &plan->slots[region];

	return slot->first_val + (slot->map[offset / 4] & MDK_MAP_NUMBER) - 1;
}

/* Its writes are looked at from now on: see run/access/causes.c. */
static void mdk_plan_mark(struct mdk_plan *plan, u32 region, u32 offset)
{
	struct mdk_slot *slot = &plan->slots[region];
	u16 *entry = &slot->map[offset / 4];

	*entry &= ~MDK_MAP_PLAIN;
	slot->elements[(*entry & MDK_MAP_NUMBER) - 1].flags |= MDK_ELEMENT_CAUSES;
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
	mdk_plan_mark(plan, cause->region, cause->status);
	if (!cause->polarity)
		return i;
	set->mask = mdk_plan_value(plan, cause->region, cause->mask);
	set->through = 0;
	set->invert = cause->polarity == MDK_ONE_MASKS ? ~0U : 0;
	mdk_plan_mark(plan, cause->region, cause->mask);
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

static void mdk_plan_compile_cause(struct mdk_plan *plan, const struct mdk_cause *cause)
{
	struct mdk_cause_set *set = &plan->cause_sets[mdk_plan_cause_set(plan, cause)];

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
