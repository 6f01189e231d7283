/* SPDX-License-Identifier: GPL-2.0-only */
/* Actions and workers, as the run time runs them; what drivers may call is in mdk/life.h. */
#ifndef MDK_LIFE_PRIVATE_H
#define MDK_LIFE_PRIVATE_H

#include <mdk/life.h>

struct mdk_inst;

void mdk_endings_run(struct mdk_inst *inst, enum mdk_scope scope);

/* As mdk_at_reset(), for what the run time itself owns. */
int mdk_resets_add(struct mdk_inst *inst, void (*fn)(struct mdk_dev *dev, void *data), void *data);
/* Under mdk_inst.callbacks. */
void mdk_resets_run(struct mdk_inst *inst);

/* As mdk_work_create(), with data for @fn. */
struct mdk_work *mdk_works_add(struct mdk_inst *inst,
			       void (*fn)(struct mdk_dev *dev, void *data), void *data);

/* The worker of ops.work, if there is one. Return: 0 or -ENOMEM. */
int mdk_works_alloc(struct mdk_inst *inst);

/* Workers run from start to drain, and not between hold and release. */
void mdk_works_start(struct mdk_inst *inst);
void mdk_works_drain(struct mdk_inst *inst);
void mdk_works_hold(struct mdk_inst *inst);
void mdk_works_release(struct mdk_inst *inst);

/*
 * A reset, outside of mdk_inst.callbacks but for anew: shut takes back what is queued; flush waits
 * for workers that run; anew begins the next life, whose workers run from begin on.
 */
void mdk_works_shut(struct mdk_inst *inst);
void mdk_works_flush(struct mdk_inst *inst);
void mdk_works_anew(struct mdk_inst *inst);
void mdk_works_begin(struct mdk_inst *inst);

#endif /* MDK_LIFE_PRIVATE_H */
