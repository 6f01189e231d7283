/* SPDX-License-Identifier: GPL-2.0-only */
/* Actions and workers, as the run time runs them; what drivers may call is in mdk/life.h. */
#ifndef MDK_LIFE_PRIVATE_H
#define MDK_LIFE_PRIVATE_H

#include <mdk/life.h>

struct mdk_inst;

void mdk_endings_run(struct mdk_inst *inst, enum mdk_scope scope);

/* Workers run from start to drain, and not between hold and release. */
void mdk_works_start(struct mdk_inst *inst);
void mdk_works_drain(struct mdk_inst *inst);
void mdk_works_hold(struct mdk_inst *inst);
void mdk_works_release(struct mdk_inst *inst);

#endif /* MDK_LIFE_PRIVATE_H */
