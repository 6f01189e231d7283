// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command ring, a row of MDK_RINGS(). The guest may write to it at any time, so the SDK fetches
 * a command once and only the copy is looked at. What is wrong stops the ring until it is set anew:
 * nothing behind a bad command is done.
 */
#include "vgpu_state.h"

static enum vgpu_status ring_status(struct mdk_dev *dev, int why)
{
	struct vgpu_state *state = mdk_state(dev);

	/* Of a command, as vgpu_ring_work() left it. */
	if (why == -EIO)
		return state->status;
	return why == -ERANGE ? VGPU_BAD_TAIL : VGPU_BAD_RING;
}

/* Set anew, which is also the way out after an error; or it has stopped. */
void vgpu_ring_changed(struct mdk_dev *dev, struct mdk_ring *ring, u32 index, int why)
{
	if (!why) {
		vgpu_set(dev, VGPU_STATUS, VGPU_OK);
		return;
	}
	if (why == -ENXIO && vgpu_get(dev, VGPU_STATUS) != VGPU_OK)
		return;
	vgpu_set(dev, VGPU_STATUS, ring_status(dev, why));
	if (!mdk_ring_running(ring))
		vgpu_set(dev, VGPU_RING_SIZE, 0);
	vgpu_set(dev, VGPU_REFUSED, vgpu_get(dev, VGPU_REFUSED) + 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_REFUSED), 1);
	mdk_irq_raise(dev, VGPU_ISR_ERROR);
}

static enum vgpu_status ring_fence(struct mdk_dev *dev, const struct vgpu_command *command)
{
	vgpu_set(dev, VGPU_FENCE, command->color);
	mdk_irq_raise(dev, VGPU_ISR_FENCE);
	return VGPU_OK;
}

static enum vgpu_status ring_run(struct mdk_dev *dev, struct mdk_ring *ring,
				 const struct vgpu_command *command)
{
	struct vgpu_picture picture;

	if (command->op == VGPU_NOP)
		return VGPU_OK;
	if (command->op == VGPU_FENCE_OP)
		return ring_fence(dev, command);
	if (command->op > VGPU_FENCE_OP)
		return VGPU_BAD_COMMAND;
	if (!vgpu_picture_get(dev, &picture))
		return VGPU_BAD_AREA;
	/* Memory that holds commands is no place for pixels. */
	if (command->op == VGPU_DOWNLOAD &&
	    mdk_ring_overlaps(ring, command->address, 4ULL * command->width * command->height))
		return VGPU_BAD_ADDRESS;
	return vgpu_paint(dev, &picture, command);
}

int vgpu_ring_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct vgpu_state *state = mdk_state(dev);

	state->status = ring_run(dev, job->ring, job->desc);
	if (state->status != VGPU_OK)
		return -EIO;
	mdk_counter_add(dev, MDK_AT(VGPU_BAR_REGS, VGPU_DONE), 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_DONE), 1);
	return 0;
}
