/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The tree's MDK_DMA_HOOK, as the tests that need it share it. */
#ifndef CONFORM_DMA_HOOK_H
#define CONFORM_DMA_HOOK_H

#include <mdk/test.h>

#include "dma.h"

/* Flags of a test, for a device of which the tree does not say that it has no DMA. */
#define FOR_DMA (USES_DEVICE | WITH_DMA)

struct mdk_client;

/* The shared device, of which the hook is told. */
extern struct mdk_client hook_client;

/* The hook, memory, and a device that uses none of it; or the test is skipped. */
void need_hook(struct env *env);
/* The most up to @most bytes, which are a power of two, that the device takes at @iova. */
struct mdk_dma hook_fit(uint64_t iova, uint64_t most);
/* Once; what the hook's start has returned. */
int hook_start(const struct mdk_dma *dma);
/* With some patience; the test ends where the device does not. */
void need_start(const struct mdk_dma *dma);
/* It goes on with what it has. */
void need_alive(const struct mdk_dma *dma);
void hook_stop_all(void);
/* Memory as it is now is right. */
void hook_look(void);
/* It has changed since only where the device was told to use it; @dma: NULL: nowhere. */
void need_untouched(const struct mdk_dma *dma, const char *what);

#endif
