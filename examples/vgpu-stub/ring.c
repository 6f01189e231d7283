// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rings of commands, rows of MDK_RINGS(). The guest may write to one at any time, so the SDK
 * fetches a command once and only the copy is looked at. What is wrong in the first ring stops it
 * until it is set anew: nothing behind a bad command is done. In the ring of copies each is told by
 * itself whether it was done, in the ring of reports.
 */
#include "vgpu_state.h"

static void ring_count_done(struct mdk_dev *dev)
{
	mdk_counter_add(dev, MDK_AT(VGPU_BAR_REGS, VGPU_DONE), 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_DONE), 1);
}

static void ring_count_refused(struct mdk_dev *dev)
{
	vgpu_set(dev, VGPU_REFUSED, vgpu_get(dev, VGPU_REFUSED) + 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_REFUSED), 1);
}

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
	ring_count_refused(dev);
	mdk_irq_raise(dev, VGPU_ISR_ERROR);
}

static enum vgpu_status ring_fence(struct mdk_dev *dev, const struct vgpu_command *command)
{
	vgpu_set(dev, VGPU_FENCE, command->color);
	mdk_irq_raise(dev, VGPU_ISR_FENCE);
	return VGPU_OK;
}

/* Memory that holds commands or reports is no place for pixels. */
static bool ring_is_hit(struct mdk_dev *dev, u64 address, u64 size)
{
	u32 row;

	for (row = 0; row < VGPU_NR_RINGS; row++)
		if (mdk_ring_overlaps(mdk_ring_at(dev, row, 0), address, size))
			return true;
	return false;
}

static enum vgpu_status ring_paint(struct mdk_dev *dev, const struct vgpu_command *command)
{
	struct vgpu_picture picture;

	if (!vgpu_picture_get(dev, &picture))
		return VGPU_BAD_AREA;
	if (command->op == VGPU_DOWNLOAD &&
	    ring_is_hit(dev, command->address, 4ULL * command->width * command->height))
		return VGPU_BAD_ADDRESS;
	return vgpu_paint(dev, &picture, command);
}

static enum vgpu_status ring_run(struct mdk_dev *dev, const struct vgpu_command *command)
{
	if (command->op == VGPU_NOP)
		return VGPU_OK;
	if (command->op == VGPU_FENCE_OP)
		return ring_fence(dev, command);
	if (command->op > VGPU_FENCE_OP)
		return VGPU_BAD_COMMAND;
	return ring_paint(dev, command);
}

int vgpu_ring_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct vgpu_state *state = mdk_state(dev);

	state->status = ring_run(dev, job->desc);
	if (state->status != VGPU_OK)
		return -EIO;
	ring_count_done(dev);
	return 0;
}

static enum vgpu_status copy_run(struct mdk_dev *dev, const struct vgpu_command *command)
{
	if (command->op > VGPU_FENCE_OP || !(VGPU_COPIES & 1U << command->op))
		return VGPU_BAD_COMMAND;
	return command->op == VGPU_NOP ? VGPU_OK : ring_paint(dev, command);
}

/* A bad one stops nothing: its report says so, and the next one is done. */
int vgpu_copy_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	const struct vgpu_command *command = job->desc;
	struct vgpu_report *report = job->entry;

	report->number = command->color;
	report->status = copy_run(dev, command);
	if (report->status == VGPU_OK)
		ring_count_done(dev);
	else
		ring_count_refused(dev);
	return 0;
}
