/* SPDX-License-Identifier: GPL-2.0-only */
/* Stops the DMA of an instance. */
#ifndef MDK_QUIESCE_H
#define MDK_QUIESCE_H

#include <linux/types.h>

struct mdk_inst;

int mdk_inst_quiesce(struct mdk_inst *inst, u64 iova, u64 size);
void mdk_inst_stop_dma(struct mdk_inst *inst);

#endif /* MDK_QUIESCE_H */
