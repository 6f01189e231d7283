/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's writes to configuration space. */
#ifndef MDK_CONFIG_STORE_H
#define MDK_CONFIG_STORE_H

#include "run/access/slot_ops.h"

extern const struct mdk_slot_ops mdk_config_slot_ops;
extern const struct mdk_slot_ops mdk_config_live_slot_ops;
/* config_window.c */
extern const struct mdk_slot_ops mdk_config_window_slot_ops;

/* A write from which nothing follows. Under mdk_inst.callbacks. */
void mdk_config_put(struct mdk_inst *inst, u32 word, u32 val, u32 enabled);

/* Its guest has switched it off: as an unmap of everything. Under mdk_inst.switching. */
void mdk_config_stop(struct mdk_inst *inst);

#endif /* MDK_CONFIG_STORE_H */
