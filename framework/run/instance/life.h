/* SPDX-License-Identifier: GPL-2.0-only */
/* Actions and workers, as the run time runs them; what drivers may call is in mdk/life.h. */
#ifndef MDK_LIFE_PRIVATE_H
#define MDK_LIFE_PRIVATE_H

#include <mdk/life.h>

#include "instance.h"

struct mdk_record;
struct mdk_stream_out;

void mdk_endings_run(struct mdk_inst *inst, enum mdk_scope scope);

/* As mdk_at_reset(), for what the run time itself owns. */
int mdk_resets_add(struct mdk_inst *inst, void (*fn)(struct mdk_dev *dev, void *data), void *data);
/* Under mdk_inst.callbacks. */
void mdk_resets_run(struct mdk_inst *inst);

/*
 * As mdk_work_create(), with data for @fn: a worker of the run time's own, which does no harm if it
 * runs once more than it was queued. No stream says anything of it.
 */
struct mdk_work *mdk_works_add(struct mdk_inst *inst,
			       void (*fn)(struct mdk_dev *dev, void *data), void *data);

/* The worker of ops.work, if there is one. Return: 0 or -ENOMEM. */
int mdk_works_alloc(struct mdk_inst *inst);

/* Workers run from start to drain, and not between hold and release. */
void mdk_works_start(struct mdk_inst *inst);
void mdk_works_drain(struct mdk_inst *inst);
void mdk_works_hold(struct mdk_inst *inst, enum mdk_away why);
void mdk_works_release(struct mdk_inst *inst, enum mdk_away why);

/*
 * A reset, outside of mdk_inst.callbacks but for anew: shut takes back what is queued; flush waits
 * for workers that run; anew begins the next life, whose workers run from begin on.
 */
void mdk_works_shut(struct mdk_inst *inst);
void mdk_works_flush(struct mdk_inst *inst);
void mdk_works_anew(struct mdk_inst *inst);
void mdk_works_begin(struct mdk_inst *inst);

/* For a migration, workers being held: run/migrate/sections.h. */
u64 mdk_works_len(const struct mdk_inst *inst, u32 i);
void mdk_works_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
const char *mdk_works_wrong(const struct mdk_inst *inst, u32 i, const struct mdk_record *record);
void mdk_works_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record);
/* Those of the run time run when workers may. */
void mdk_works_all_own(struct mdk_inst *inst);

#endif /* MDK_LIFE_PRIVATE_H */
