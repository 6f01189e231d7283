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
 * @status: of the last command
 * @plugged: a monitor is there
 * @batch: commands before others get their turn, a parameter
 *
 * Guarded by mdk_lock(); callbacks have it already.
 */
struct vgpu_state {
	enum vgpu_status status;
	bool plugged;
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

/* Rows of MDK_RINGS(). */
enum vgpu_rings { VGPU_RING_COMMANDS, VGPU_RING_COPIES, VGPU_RING_REPORTS, VGPU_NR_RINGS };

/* ring.c */
int vgpu_ring_work(struct mdk_dev *dev, const struct mdk_job *job);
void vgpu_ring_changed(struct mdk_dev *dev, struct mdk_ring *ring, u32 index, int why);
int vgpu_copy_work(struct mdk_dev *dev, const struct mdk_job *job);

/* paint.c: VGPU_OK or why not */
enum vgpu_status vgpu_paint(struct mdk_dev *dev, const struct vgpu_picture *picture,
			    const struct vgpu_command *command);

#endif
