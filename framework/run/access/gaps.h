/* SPDX-License-Identifier: GPL-2.0-only */
/* Moderation of causes: mdk_cause.gap_us. */
#ifndef MDK_RUN_GAPS_H
#define MDK_RUN_GAPS_H

#include <linux/types.h>

struct mdk_cause_set;
struct mdk_inst;

/* Return: 0 or -ENOMEM. */
int mdk_gaps_alloc(struct mdk_inst *inst);
void mdk_gaps_free(struct mdk_inst *inst);

/* At a reset: nothing waits any more, and the next message is sent at once. Process context. */
void mdk_gaps_end(struct mdk_inst *inst);

/* What waits is sent now. Process context. */
void mdk_gaps_hurry(struct mdk_inst *inst);

/*
 * Return: @bits without the causes whose last message was just now; theirs is sent later, by
 * mdk_causes_due(). Context: any but NMI.
 */
u32 mdk_gaps_pass(struct mdk_inst *inst, const struct mdk_cause_set *set, u32 bits);

#endif /* MDK_RUN_GAPS_H */
