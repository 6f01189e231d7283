/* SPDX-License-Identifier: GPL-2.0-only */
/* Bus mastering: a guest switches its device on and off. */
#ifndef MDK_BUS_MASTER_H
#define MDK_BUS_MASTER_H

#include <linux/types.h>

struct mdk_inst;

bool mdk_master_follow(struct mdk_inst *inst);
void mdk_master_copies_end(struct mdk_inst *inst);
void mdk_master_end_pins(struct mdk_inst *inst);

#endif /* MDK_BUS_MASTER_H */
