/* SPDX-License-Identifier: GPL-2.0-only */
/* Causes of interrupts: see mdk/cause.h. */
#ifndef MDK_RUN_CAUSES_H
#define MDK_RUN_CAUSES_H

#include <linux/types.h>

struct mdk_cause_set;
struct mdk_inst;

/* The level of the pin is that of the causes. Context: any but NMI. */
void mdk_causes_follow(struct mdk_inst *inst);

/*
 * A status or mask register has changed from @was to @now; @val is its place in mdk_inst.vals.
 * Context: any but NMI.
 */
void mdk_causes_changed(struct mdk_inst *inst, u32 val, u32 was, u32 now);

/* Sends what is pending and not masked of @bits, for which a message waited. Likewise. */
void mdk_causes_due(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits);

#endif /* MDK_RUN_CAUSES_H */
