/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance of the vgpu-stub, inside. */
#ifndef VGPU_STATE_H
#define VGPU_STATE_H

#include <mdk/mdk.h>

#include "vgpu_stub.h"

#define VGPU_BAR_VRAM 0
#define VGPU_BAR_REGS 2
#define VGPU_BAR_STATS 4

/**
 * struct vgpu_state - an instance
 * @ring: pinned, NULL while there is none
 * @ring_first: where it is; the registers may say something else by now
 * @ring_bytes: its size
 * @batch: commands before others get their turn, a parameter
 *
 * Guarded by mdk_lock(); callbacks have it already.
 */
struct vgpu_state {
	struct mdk_pinned *ring;
	u64 ring_first;
	u64 ring_bytes;
	u32 batch;
};

/* The picture that is shown, as the paint functions see it. */
struct vgpu_picture {
	u8 *pixels;
	u32 width, height, stride;
};

static inline u32 vgpu_get(struct mdk_dev *dev, u32 offset)
{
	return mdk_reg_get(dev, VGPU_BAR_REGS, offset);
}

static inline void vgpu_set(struct mdk_dev *dev, u32 offset, u32 value)
{
	mdk_reg_set(dev, VGPU_BAR_REGS, offset, value);
}

/* main.c: false while nothing is shown that commands could paint in */
bool vgpu_picture_get(struct mdk_dev *dev, struct vgpu_picture *picture);

/* ring.c */
void vgpu_ring_size_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 size);
void vgpu_tail_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 tail);
void vgpu_ring_work(struct mdk_dev *dev);
void vgpu_ring_drop(struct mdk_dev *dev);

/* paint.c: VGPU_OK or why not */
enum vgpu_status vgpu_paint(struct mdk_dev *dev, const struct vgpu_picture *picture,
			    const struct vgpu_command *command);

#endif
