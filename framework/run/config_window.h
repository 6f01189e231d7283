/* SPDX-License-Identifier: GPL-2.0-only */
/* Configuration space with virtio's window into a BAR. */
#ifndef MDK_CONFIG_WINDOW_H
#define MDK_CONFIG_WINDOW_H

#include "run/access/slot_ops.h"

extern const struct mdk_slot_ops mdk_config_window_slot_ops;

#endif /* MDK_CONFIG_WINDOW_H */
