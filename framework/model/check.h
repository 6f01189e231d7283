/* SPDX-License-Identifier: GPL-2.0-only */
/* Is the description of a device whole and free of clashes? Each fault goes to mdk_fault(). */
#ifndef MDK_CHECK_H
#define MDK_CHECK_H

#include "plan.h"

/* What does not depend on the type. Return: number of faults. */
int mdk_desc_check(const struct mdk_desc *desc);

/* The geometry of one type, of a plan that is not compiled yet. Return: number of faults. */
int mdk_plan_check(const struct mdk_plan *plan);

/* check_attributes.c: one table of them; likewise */
int mdk_attrs_check(const struct mdk_desc *desc, const struct mdk_attr *attrs, u32 nr);

#endif /* MDK_CHECK_H */
