/* SPDX-License-Identifier: GPL-2.0-only */
/* Rings of a model's rows. */
#ifndef MDK_RUN_RINGS_H
#define MDK_RUN_RINGS_H

#include <linux/types.h>

struct mdk_element;
struct mdk_inst;
struct mdk_record;
struct mdk_stream_out;

/* Before ops.init. Return: 0 or -ENOMEM; what was made ends with the instance. */
int mdk_rings_create(struct mdk_inst *inst);

/*
 * A guest has written the register at @val of mdk_inst.vals, by which it works rings: under
 * mdk_inst.callbacks. @was: what a register of kind RW had before.
 */
void mdk_rings_written(struct mdk_inst *inst, const struct mdk_element *element, u32 val, u32 was,
		       u32 now);

/* For a migration, ring_save.c: all rings of an instance, as run/migrate/sections.h has it. */
u32 mdk_rings_nr(const struct mdk_inst *inst);
u64 mdk_ring_len(const struct mdk_inst *inst, u32 i);
void mdk_ring_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
const char *mdk_ring_wrong_record(const struct mdk_inst *inst, u32 i,
				  const struct mdk_record *record);
void mdk_ring_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

/*
 * The device runs: rings that a migration has brought get their memory. Under callbacks. Return:
 * one waits for memory that is being unmapped, or is short.
 */
bool mdk_rings_revive(struct mdk_inst *inst);

#endif /* MDK_RUN_RINGS_H */
