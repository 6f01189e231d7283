// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command ring: guest memory that is pinned while the ring is set. The guest may write to it
 * at any time, so a command is fetched once and only the copy is looked at. What is wrong stops
 * the ring until it is set anew: nothing behind a bad command is done.
 */
#include <linux/sched.h>

#include "vgpu_state.h"

static u64 ring_address(struct mdk_dev *dev)
{
	return vgpu_get(dev, VGPU_RING_LOW) | (u64)vgpu_get(dev, VGPU_RING_HIGH) << 32;
}

static u32 ring_size(struct mdk_dev *dev)
{
	return vgpu_get(dev, VGPU_RING_SIZE);
}

static void ring_stop(struct mdk_dev *dev, enum vgpu_status why)
{
	vgpu_set(dev, VGPU_STATUS, why);
	vgpu_set(dev, VGPU_REFUSED, vgpu_get(dev, VGPU_REFUSED) + 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_REFUSED), 1);
	mdk_irq_raise(dev, VGPU_ISR_ERROR);
}

void vgpu_ring_drop(struct mdk_dev *dev)
{
	struct vgpu_state *state = mdk_state(dev);

	mdk_unpin(state->ring);
	state->ring = NULL;
}

/* The ring is set anew: also the way out after an error. */
void vgpu_ring_size_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 size)
{
	struct vgpu_state *state = mdk_state(dev);
	u64 first = ring_address(dev), bytes = size * sizeof(struct vgpu_command);
	struct mdk_pinned *ring;

	vgpu_ring_drop(dev);
	vgpu_set(dev, VGPU_HEAD, 0);
	vgpu_set(dev, VGPU_TAIL, 0);
	vgpu_set(dev, VGPU_STATUS, VGPU_OK);
	if (!size)
		return;
	ring = ERR_PTR(-EINVAL);
	if (size <= VGPU_RING_MAX)
		ring = mdk_pin(dev, first, bytes, MDK_TO_DEVICE);
	if (IS_ERR(ring)) {
		vgpu_set(dev, VGPU_RING_SIZE, 0);
		ring_stop(dev, VGPU_BAD_RING);
		return;
	}
	state->ring = ring;
	state->ring_first = first;
	state->ring_bytes = bytes;
}

void vgpu_tail_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 tail)
{
	struct vgpu_state *state = mdk_state(dev);

	if (vgpu_get(dev, VGPU_STATUS) != VGPU_OK)
		return;
	if (!state->ring || tail >= ring_size(dev)) {
		ring_stop(dev, state->ring ? VGPU_BAD_TAIL : VGPU_BAD_RING);
		return;
	}
	mdk_queue(dev, 0);
}

/* Memory that holds commands is no place for pixels. */
static bool touches_ring(struct mdk_dev *dev, const struct vgpu_command *command)
{
	const struct vgpu_state *state = mdk_state(dev);
	u64 bytes = 4ULL * command->width * command->height;

	return command->address - state->ring_first < state->ring_bytes ||
	       state->ring_first - command->address < bytes;
}

static enum vgpu_status ring_fence(struct mdk_dev *dev, const struct vgpu_command *command)
{
	vgpu_set(dev, VGPU_FENCE, command->color);
	mdk_irq_raise(dev, VGPU_ISR_FENCE);
	return VGPU_OK;
}

static enum vgpu_status ring_run(struct mdk_dev *dev, const struct vgpu_command *command)
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
	if (command->op == VGPU_DOWNLOAD && touches_ring(dev, command))
		return VGPU_BAD_ADDRESS;
	return vgpu_paint(dev, &picture, command);
}

/* One command. Return: there may be more. */
static bool ring_step(struct mdk_dev *dev)
{
	struct vgpu_state *state = mdk_state(dev);
	u32 head = vgpu_get(dev, VGPU_HEAD);
	struct vgpu_command command;
	enum vgpu_status status = VGPU_BAD_RING;

	if (!state->ring || vgpu_get(dev, VGPU_STATUS) != VGPU_OK ||
	    head == vgpu_get(dev, VGPU_TAIL))
		return false;
	if (!mdk_pinned_read(state->ring, head * sizeof(command), &command, sizeof(command)))
		status = ring_run(dev, &command);
	if (status != VGPU_OK) {
		ring_stop(dev, status);
		return false;
	}
	vgpu_set(dev, VGPU_HEAD, (head + 1) % ring_size(dev));
	mdk_counter_add(dev, MDK_AT(VGPU_BAR_REGS, VGPU_DONE), 1);
	mdk_stat_add(dev, MDK_AT(VGPU_BAR_STATS, VGPU_STAT_DONE), 1);
	return true;
}

/*
 * The lock is let go after each command, so that the guest's other accesses, a reset and an unmap
 * get in between; one that never stops asking keeps a worker busy, but nobody waiting.
 */
void vgpu_ring_work(struct mdk_dev *dev)
{
	struct vgpu_state *state = mdk_state(dev);
	/* One command may move all video memory: a close waits for no more than these. */
	u32 budget = READ_ONCE(state->batch);
	bool more = true;

	while (more && budget--) {
		mdk_lock(dev);
		more = ring_step(dev);
		mdk_unlock(dev);
		cond_resched();
	}
	if (more)
		mdk_queue(dev, 0);
}
