/* SPDX-License-Identifier: GPL-2.0-only */
/* Pins of an instance; what drivers may call is in mdk/pin.h. */
#ifndef MDK_PIN_PRIVATE_H
#define MDK_PIN_PRIVATE_H

struct mdk_inst;

int mdk_inst_pins_alloc(struct mdk_inst *inst);

#endif /* MDK_PIN_PRIVATE_H */
