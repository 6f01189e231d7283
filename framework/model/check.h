/* SPDX-License-Identifier: GPL-2.0-only */
/* Is the description of a device complete and free of conflicts? mdk_fault() reports each fault. */
#ifndef MDK_CHECK_H
#define MDK_CHECK_H

#include "plan.h"

/* What does not depend on the type. Return: number of faults. */
int mdk_desc_check(const struct mdk_desc *desc);

/* Regions and capabilities of one type; the plan is not compiled yet. Return: number of faults. */
int mdk_plan_check(const struct mdk_plan *plan);

/* check_bits.c: names of bits. Return: number of faults. */
int mdk_bits_check(const struct mdk_desc *desc, const struct mdk_region *region,
		   const struct mdk_reg *reg);

/* check_sets.c: rows of several registers, counters, resets. Return: number of faults. */
int mdk_set_check(const struct mdk_desc *desc, const struct mdk_region *region,
		  const struct mdk_reg *reg);

/* Return: one of the row's registers begins there. */
bool mdk_set_has(const struct mdk_desc *desc, const struct mdk_reg *reg, u32 offset);

/* Return: the two rows have a register at one place, which is @offset. */
bool mdk_sets_meet(const struct mdk_desc *desc, const struct mdk_reg *a, const struct mdk_reg *b,
		   u32 *offset);

/* check_attributes.c: a table of attributes. Return: number of faults. */
int mdk_attrs_check(const struct mdk_desc *desc, const struct mdk_attr *attrs, u32 nr);

/* check_causes.c: causes of interrupts, in one type. Return: number of faults. */
int mdk_causes_check(const struct mdk_plan *plan);

/* check_rings.c: rings of rows, of the model and in one type. Return: number of faults. */
int mdk_rings_check(const struct mdk_desc *desc);
int mdk_rings_check_regs(const struct mdk_plan *plan);

/* check_rings_more.c: a part of a register as size, who starts it, .select, of one row. */
int mdk_ring_check_more(const struct mdk_plan *plan, const struct mdk_ring_row *row);

static inline const char *mdk_ring_name(const struct mdk_ring_row *row)
{
	return row->name ? row->name : "(no name)";
}

/* Return: a guest's write of the register there tells a ring of a row about an end. */
bool mdk_rings_ring(const struct mdk_plan *plan, u32 region, u32 offset);

/* Of the plan's type: the row of which a register is there, or NULL; the same of a row's first. */
const struct mdk_reg *mdk_check_row_at(const struct mdk_plan *plan, u32 index, u32 offset);
const struct mdk_reg *mdk_check_reg_at(const struct mdk_plan *plan, u32 index, u32 offset);

/* check_causes_more.c: pairs of mask registers, vectors and times in registers, of one cause. */
int mdk_cause_more_check(const struct mdk_plan *plan, u32 i);

/* check_edid.c: the monitor, in one type. Return: number of faults. */
int mdk_edid_check(const struct mdk_plan *plan);

/* check_stats.c: a region of statistics. Return: number of faults. */
int mdk_stats_check(const struct mdk_plan *plan, const struct mdk_region *region);

/* check_params.c: the parameters. Return: number of faults. */
int mdk_params_check(const struct mdk_desc *desc);

/* check_save.c: what a migration carries. Return: number of faults. */
int mdk_saves_check(const struct mdk_desc *desc);

#endif /* MDK_CHECK_H */
