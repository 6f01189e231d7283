/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration space of an instance; a guest's writes to it: run/config_store.h. */
#ifndef MDK_CONFIG_H
#define MDK_CONFIG_H

#include <linux/types.h>

struct mdk_inst;
struct mdk_slot;

u64 mdk_config_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
		    unsigned int width);
/* Of a configuration space with bytes of the driver's state. */
u64 mdk_config_live_load(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			 unsigned int width);
/* Gives those of the bits of @mask that are in the driver's state their value. */
void mdk_config_set_live(struct mdk_inst *inst, u32 word, u32 mask, u32 value);
void mdk_config_reset(struct mdk_inst *inst);
/* What INTx has to do after a change of the command register; under mdk_inst.callbacks. */
void mdk_config_follow(struct mdk_inst *inst);

#endif /* MDK_CONFIG_H */
