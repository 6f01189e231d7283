/* SPDX-License-Identifier: GPL-2.0-only */
/* Suspend and reset of the parent; what drivers may call is in mdk/parent.h. */
#ifndef MDK_PAUSE_H
#define MDK_PAUSE_H

struct mdk_inst;

void mdk_inst_wait_reset(struct mdk_inst *inst);

/* For a migration; see pause.c. */
int mdk_inst_halt(struct mdk_inst *inst);
int mdk_inst_unhalt(struct mdk_inst *inst);

#endif /* MDK_PAUSE_H */
