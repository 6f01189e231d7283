// SPDX-License-Identifier: GPL-2.0-only
/* What a ring has besides its registers and descriptors: see check_rings.c. */
#include "check.h"
#include "fault.h"
#include "plain.h"

static bool mdk_at_is(struct mdk_at a, u32 region, u32 offset)
{
	return a.region == region && a.offset == offset;
}

/* The size is a part of its register. */

/* Return: what a guest can write to the register at @at of ring 0. */
static u32 mdk_ring_mask(const struct mdk_plan *plan, struct mdk_at at)
{
	const struct mdk_reg *reg = NULL;

	if (mdk_at_given(at))
		reg = mdk_check_row_at(plan, at.region, at.offset);
	return reg ? reg->mask : 0;
}

static bool mdk_bits_side_by_side(u32 bits)
{
	u32 lowest = bits & -bits;

	return !(bits & (bits + lowest));
}

static int mdk_ring_check_size(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	u32 mask = mdk_ring_mask(plan, row->size), bits = row->size_bits;
	bool shared = mdk_at_given(row->size) &&
		      mdk_at_is(row->size, row->control.region, row->control.offset);

	if (!(bits & ~mask) && mdk_bits_side_by_side(bits) &&
	    (!shared || (bits && !(bits & row->enable))))
		return 0;
	return mdk_fault(plan->desc, "M204", "ring '%s': the size is in bits 0x%x of .size, of which a guest can write 0x%x: .size_bits are some of these, side by side, and where .control is that register too none of .enable 0x%x",
			 mdk_ring_name(row), bits, mask, row->enable);
}

/* The driver starts it. */

static const char *mdk_ring_starts_too(const struct mdk_ring_row *row)
{
	if (mdk_at_given(row->base) || mdk_at_given(row->base_high))
		return ".base or .base_high";
	if (mdk_at_given(row->size) || row->size_bits)
		return ".size or .size_bits";
	if (mdk_at_given(row->control) || row->enable)
		return ".control or .enable";
	return NULL;
}

static int mdk_ring_check_starter(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	const char *too = mdk_ring_starts_too(row);

	if (!row->driver_starts || !too)
		return 0;
	return mdk_fault(plan->desc, "M205", "ring '%s' is started by the driver, and has %s, which nothing would read: leave that out, or .driver_starts",
			 mdk_ring_name(row), too);
}

/* A guest selects whose registers are there. */

/* All bits of the numbers below @count. */
static u32 mdk_ring_numbers(u32 count)
{
	u32 bits = 0;

	while (bits < count - 1)
		bits = bits << 1 | 1;
	return bits;
}

static int mdk_ring_check_select(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	u32 numbers = mdk_ring_numbers(mdk_ring_row_count(row));
	const struct mdk_reg *reg;

	reg = mdk_check_row_at(plan, row->select.region, row->select.offset);
	if (reg && reg->kind == MDK_REG_KIND_RW && !mdk_desc_reads(plan->desc, reg) &&
	    !mdk_desc_writes(plan->desc, reg) && !(numbers & ~reg->mask))
		return 0;
	return mdk_fault(plan->desc, "M206", "ring '%s': no guest could select %u rings by the register at 0x%x of region %u: .select is an MDK_REG_RW without callbacks and with bits 0x%x in its mask",
			 mdk_ring_name(row), mdk_ring_row_count(row), row->select.offset,
			 row->select.region, numbers);
}

static bool mdk_ring_names(const struct mdk_ring_row *row, u32 region, u32 offset)
{
	struct mdk_at ats[MDK_RING_ATS];
	u32 i, j, nr = mdk_ring_row_ats(row, ats);

	for (i = 0; i < nr; i++)
		for (j = 0; j < mdk_ring_row_count(row); j++)
			if (mdk_at_is(ats[i], region, offset - j * row->stride))
				return true;
	return mdk_at_given(row->select) && mdk_at_is(row->select, region, offset);
}

static bool mdk_cause_names(const struct mdk_cause *cause, u32 region, u32 offset)
{
	return cause->region == region &&
	       (cause->status == offset || (cause->polarity && cause->mask == offset) ||
		(cause->mask_clear && cause->mask_clear == offset) ||
		(cause->vector_at && cause->vector_at == offset) ||
		(cause->gap_at && cause->gap_at == offset));
}

/* Return: who else has that register; NULL: nobody. */
static const char *mdk_ring_shown_too(const struct mdk_plan *plan, const struct mdk_ring_row *row,
				      struct mdk_at at)
{
	const struct mdk_reg *reg = mdk_check_row_at(plan, at.region, at.offset);
	const struct mdk_model *model = plan->desc->model;
	u32 i;

	if (mdk_at_is(row->select, at.region, at.offset))
		return ".select";
	if (reg && (mdk_desc_reads(plan->desc, reg) || mdk_desc_writes(plan->desc, reg)))
		return "a callback";
	if (reg && mdk_desc_resets(plan->desc, reg))
		return ".resets";
	for (i = 0; i < model->nr_rings; i++)
		if (mdk_desc_ring(plan->desc, i) != row &&
		    mdk_ring_names(mdk_desc_ring(plan->desc, i), at.region, at.offset))
			return "another row of MDK_RINGS()";
	for (i = 0; i < model->nr_causes; i++)
		if (mdk_cause_names(mdk_desc_cause(plan->desc, i), at.region, at.offset))
			return "a row of MDK_CAUSES()";
	return NULL;
}

static int mdk_ring_check_banked(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	struct mdk_at ats[MDK_RING_ATS];
	u32 i, nr = mdk_ring_row_ats(row, ats);
	const char *too;

	for (i = 0; i < nr; i++) {
		too = mdk_ring_shown_too(plan, row, ats[i]);
		if (too)
			return mdk_fault(plan->desc, "M207", "ring '%s' shows at 0x%x of region %u the register of the ring that .select says, and %s has the same place: give each its own",
					 mdk_ring_name(row), ats[i].offset, ats[i].region, too);
	}
	return 0;
}

int mdk_ring_check_more(const struct mdk_plan *plan, const struct mdk_ring_row *row)
{
	int bad = mdk_ring_check_size(plan, row) + mdk_ring_check_starter(plan, row);

	if (!mdk_at_given(row->select))
		return bad;
	return bad + mdk_ring_check_select(plan, row) + mdk_ring_check_banked(plan, row);
}
