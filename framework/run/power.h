/* SPDX-License-Identifier: GPL-2.0-only */
/* Power-on state. */
#ifndef MDK_POWER_H
#define MDK_POWER_H

#include <linux/types.h>

struct mdk_inst;

/* Registers, configuration space and bus mastering, but not RAM. */
void mdk_inst_values_reset(struct mdk_inst *inst);
/* Under mdk_inst.callbacks, workers being shut (run/instance/life.h). */
void mdk_inst_power_on(struct mdk_inst *inst, bool last_close);
/* ops.reset alone, and with what the driver may have left behind by it. */
void mdk_inst_power_on_hw(struct mdk_inst *inst, bool last_close);
void mdk_inst_reset_hw(struct mdk_inst *inst, bool last_close);
/* Waits for the workers. Context: holds no lock that one of them takes. */
void mdk_inst_reset(struct mdk_inst *inst, bool last_close);

/* For a stream of a migration: nothing is left of what ran before. Under mdk_inst.callbacks. */
void mdk_inst_empty(struct mdk_inst *inst);

/* A guest wrote a bit of a register's .resets. */
void mdk_inst_reset_by_register(struct mdk_inst *inst);

#endif /* MDK_POWER_H */
