// SPDX-License-Identifier: GPL-2.0-only
/* A model as a description of configuration space. */
#include "desc.h"

struct mdk_config_spec mdk_desc_config_spec(const struct mdk_desc *desc,
					    const struct mdk_type *type)
{
	const struct mdk_model *model = desc->model;

	return (struct mdk_config_spec){
		.desc = desc,
		.pci = &model->pci,
		.regions = type->regions ? type->regions : model->regions,
		.nr_regions = type->regions ? type->nr_regions : model->nr_regions,
		.irqs = model->irqs,
		.nr_irqs = model->nr_irqs,
		.caps = model->caps,
		.nr_caps = model->nr_caps,
		.region_size = desc->region_size,
		.reg_size = desc->reg_size,
		.cap_size = desc->cap_size,
		.state_size = model->state_size,
	};
}

u32 mdk_desc_cause_bits(const struct mdk_desc *desc, struct mdk_at status)
{
	const struct mdk_cause *cause;
	u32 i, bits = 0;

	for (i = 0; i < desc->model->nr_causes; i++) {
		cause = mdk_desc_cause(desc, i);
		if (cause->region == status.region && cause->status == status.offset)
			bits |= mdk_cause_bit(cause);
	}
	return bits;
}

u32 mdk_ring_row_ats(const struct mdk_ring_row *row, struct mdk_at ats[MDK_RING_ATS])
{
	const struct mdk_at others[] = { row->base_high, row->size, row->control,
					 row->head, row->tail, row->state };
	u32 i, nr = 0;

	/* Of .base alone MDK_AT(0, 0) is a place. */
	if (!row->driver_starts)
		ats[nr++] = row->base;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (mdk_at_given(others[i]))
			ats[nr++] = others[i];
	return nr;
}
