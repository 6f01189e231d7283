/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions of callbacks. */
#ifndef MDK_CALLBACKS_H
#define MDK_CALLBACKS_H

#include "slot_ops.h"

extern const struct mdk_slot_ops mdk_callback_slot_ops;

#endif /* MDK_CALLBACKS_H */
