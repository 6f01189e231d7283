/* SPDX-License-Identifier: GPL-2.0-only */
/* What the run time asks of pins.c and no driver does. */
#ifndef MDK_PINS_PRIVATE_H
#define MDK_PINS_PRIVATE_H

#include <linux/types.h>

struct mdv_cancel;
struct mdk_pin_cache;

/* Pins can be stopped from now on. */
void mdk_pin_cache_set_cancel(struct mdk_pin_cache *cache, struct mdv_cancel *cancel);

/* From now on nothing is pinned and nothing copied; live entries are the caller's to shut. */
void mdk_pin_cache_set_off(struct mdk_pin_cache *cache, bool off);

#endif /* MDK_PINS_PRIVATE_H */
