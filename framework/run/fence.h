/* SPDX-License-Identifier: GPL-2.0-only */
/* What keeps accesses from hardware that is gone or away. */
#ifndef MDK_FENCE_H
#define MDK_FENCE_H

#include <linux/types.h>

struct mdk_host;
struct mdk_inst;
struct mutex;

int mdk_inst_join(struct mdk_inst *inst);
void mdk_inst_leave(struct mdk_inst *inst);
void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced);
void mdk_inst_entered(struct mdk_inst *inst);
void mdk_wait_for(struct mutex *lock);
void mdk_insts_each(struct mdk_host *host, void (*act)(struct mdk_inst *inst));
void mdk_insts_wait(struct mdk_host *host, void (*act)(struct mdk_inst *inst));

#endif /* MDK_FENCE_H */
