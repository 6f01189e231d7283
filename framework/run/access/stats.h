/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions of statistics: MDK_BAR_STATS(). */
#ifndef MDK_RUN_STATS_H
#define MDK_RUN_STATS_H

#include <linux/types.h>

struct mdk_inst;
struct mdk_record;
struct mdk_stream_out;

/* Return: 0 or -ENOMEM. */
int mdk_stats_alloc(struct mdk_inst *inst);
void mdk_stats_free(struct mdk_inst *inst);

/* All zero, for driver and guest. Context: process. */
void mdk_stats_reset(struct mdk_inst *inst);

/* For a migration: run/migrate/sections.h. */
u64 mdk_stats_len(const struct mdk_inst *inst, u32 i);
void mdk_stats_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
void mdk_stats_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

#endif /* MDK_RUN_STATS_H */
