/* SPDX-License-Identifier: GPL-2.0-only */
/* Rings of a model's rows. */
#ifndef MDK_RUN_RINGS_H
#define MDK_RUN_RINGS_H

#include <linux/types.h>

struct mdk_element;
struct mdk_inst;

/* Before ops.init. Return: 0 or -ENOMEM; what was made ends with the instance. */
int mdk_rings_create(struct mdk_inst *inst);

/*
 * A guest has written the register at @val of mdk_inst.vals, by which it works rings: under
 * mdk_inst.callbacks. @was: what a register of kind RW had before.
 */
void mdk_rings_written(struct mdk_inst *inst, const struct mdk_element *element, u32 val, u32 was,
		       u32 now);

#endif /* MDK_RUN_RINGS_H */
