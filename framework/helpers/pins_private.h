/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of pins.c for the run time only, not for drivers. */
#ifndef MDK_PINS_PRIVATE_H
#define MDK_PINS_PRIVATE_H

#include <linux/types.h>

struct mdv_cancel;
struct mdk_pin_cache;
struct mdk_pinned;

/* From now on @cancel->stop ends the wait of a pin for VFIO. */
void mdk_pin_cache_set_cancel(struct mdk_pin_cache *cache, struct mdv_cancel *cancel);

/*
 * Has @fn called once the handle is dead, at once if it is. Context of @fn: in an unmap, under the
 * cache's lock: it must not sleep, pin or unpin, nor take a lock that is held across either. It is
 * not called after mdk_unpin().
 */
void mdk_pinned_watch(struct mdk_pinned *pinned, void (*fn)(void *data), void *data);

/* While @off nothing is pinned or copied; live entries are left to mdk_pin_cache_shut(). */
void mdk_pin_cache_set_off(struct mdk_pin_cache *cache, bool off);

#endif /* MDK_PINS_PRIVATE_H */
