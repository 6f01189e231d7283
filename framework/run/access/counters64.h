/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of 64 bits in register tables: MDK_REG_COUNTER64(). */
#ifndef MDK_RUN_COUNTERS64_H
#define MDK_RUN_COUNTERS64_H

#include <linux/types.h>

struct mdk_element;
struct mdk_inst;
struct mdk_record;
struct mdk_reg;
struct mdk_stream_out;

/* Return: 0 or -ENOMEM. */
int mdk_counters64_alloc(struct mdk_inst *inst);
void mdk_counters64_free(struct mdk_inst *inst);
void mdk_counters64_reset(struct mdk_inst *inst);

/* As a guest reads it; process context, since .read64 may run. A read of the low half latches. */
u64 mdk_counter64_load(struct mdk_inst *inst, const struct mdk_reg *reg,
		       const struct mdk_element *element);
u32 mdk_counter64_load32(struct mdk_inst *inst, const struct mdk_reg *reg,
			 const struct mdk_element *element);

/*
 * As it is now, without a latch; U64_MAX while the hardware is away. Callbacks come one at a time,
 * and a guest keeps one running for as long as it likes: @patience_ms is how long the caller waits
 * for those, and is less afterwards by as much. Return: false: they were busy for so long. Process
 * context.
 */
bool mdk_counter64_peek(struct mdk_inst *inst, const struct mdk_reg *reg,
			const struct mdk_element *element, unsigned int *patience_ms, u64 *val);

/* Context: any. */
void mdk_counter64_add(struct mdk_inst *inst, const struct mdk_element *element, u64 more);

/* For a migration: run/migrate/sections.h. */
u64 mdk_counters64_len(const struct mdk_inst *inst, u32 i);
void mdk_counters64_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
void mdk_counters64_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

#endif /* MDK_RUN_COUNTERS64_H */
