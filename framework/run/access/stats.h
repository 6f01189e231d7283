/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions of statistics: MDK_BAR_STATS(). */
#ifndef MDK_RUN_STATS_H
#define MDK_RUN_STATS_H

struct mdk_inst;

/* Return: 0 or -ENOMEM. */
int mdk_stats_alloc(struct mdk_inst *inst);
void mdk_stats_free(struct mdk_inst *inst);

/* All zero, for driver and guest. Context: process. */
void mdk_stats_reset(struct mdk_inst *inst);

#endif /* MDK_RUN_STATS_H */
