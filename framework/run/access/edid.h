/* SPDX-License-Identifier: GPL-2.0-only */
/* The monitor: MDK_OWN_EDID(), MDK_REG_EDID(). */
#ifndef MDK_RUN_EDID_H
#define MDK_RUN_EDID_H

#include "slot_ops.h"

struct mdk_record;
struct mdk_stream_out;

extern const struct mdk_slot_ops mdk_edid_slot_ops;

/* Return: 0 or -ENOMEM. */
int mdk_edid_alloc(struct mdk_inst *inst);
void mdk_edid_free(struct mdk_inst *inst);

/* Under mdk_inst.callbacks, after the last close: the next user has a monitor of his own. */
void mdk_edid_forget(struct mdk_inst *inst);

/* For a migration: run/migrate/sections.h. */
u64 mdk_edid_len(const struct mdk_inst *inst, u32 i);
void mdk_edid_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
const char *mdk_edid_wrong(const struct mdk_inst *inst, u32 i, const struct mdk_record *record);
void mdk_edid_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

#endif /* MDK_RUN_EDID_H */
