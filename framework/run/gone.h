/* SPDX-License-Identifier: GPL-2.0-only */
/* The hardware is gone; what drivers may call is in mdk/driver.h and mdk/life.h. */
#ifndef MDK_GONE_H
#define MDK_GONE_H

#include <mdk/irq.h>

struct mdk_inst;

void mdk_inst_lose(struct mdk_inst *inst);
void mdk_inst_tell(struct mdk_inst *inst, enum mdk_irq_index index);

#endif /* MDK_GONE_H */
