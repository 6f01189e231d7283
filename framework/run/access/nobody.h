/* SPDX-License-Identifier: GPL-2.0-only */
/* Regions of hardware that is gone or away. */
#ifndef MDK_NOBODY_H
#define MDK_NOBODY_H

#include "slot_ops.h"

extern const struct mdk_slot_ops mdk_void_slot_ops;

#endif /* MDK_NOBODY_H */
