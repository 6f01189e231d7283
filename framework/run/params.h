/* SPDX-License-Identifier: GPL-2.0-only */
/* Parameters of an instance: see mdk/param.h. */
#ifndef MDK_RUN_PARAMS_H
#define MDK_RUN_PARAMS_H

#include <linux/types.h>

struct mdk_inst;

/* All have their defaults then. Return: 0 or -ENOMEM. */
int mdk_params_alloc(struct mdk_inst *inst);
void mdk_params_free(struct mdk_inst *inst);

/* Into the driver's state: before init, and after callbacks that may have cleared the state. */
void mdk_params_apply(struct mdk_inst *inst);

u32 mdk_param_get(struct mdk_inst *inst, u32 i);

/* What an administrator has written. Return: 0; -EINVAL or -EBUSY with a message; -EINTR. */
int mdk_param_store(struct mdk_inst *inst, u32 i, const char *text);

#endif /* MDK_RUN_PARAMS_H */
