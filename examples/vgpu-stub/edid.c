// SPDX-License-Identifier: GPL-2.0-only
/*
 * The monitor: the VFIO user describes it in a region of its own (uapi: struct
 * vfio_region_gfx_edid), the guest reads it at the start of BAR 2.
 */
#include <linux/string.h>
#include <linux/vfio.h>

#include "vgpu_state.h"

#define EDID_AT 64
#define FIELD(_name) offsetof(struct vfio_region_gfx_edid, _name)

static u32 edid_bytes(const struct vgpu_state *state, u32 at, unsigned int width)
{
	u32 value = 0;

	if (at < VGPU_EDID_BYTES)
		memcpy(&value, state->edid + at, min(width, VGPU_EDID_BYTES - at));
	return value;
}

static u32 field_read(const struct vgpu_state *state, u32 field)
{
	switch (field) {
	case FIELD(edid_offset):
		return EDID_AT;
	case FIELD(edid_max_size):
		return VGPU_EDID_BYTES;
	case FIELD(edid_size):
		return state->edid_size;
	case FIELD(max_xres):
		return 2560;
	case FIELD(max_yres):
		return 1600;
	case FIELD(link_state):
		return state->plugged ? VFIO_DEVICE_GFX_LINK_STATE_UP :
					VFIO_DEVICE_GFX_LINK_STATE_DOWN;
	default:
		return 0;
	}
}

static void field_write(struct vgpu_state *state, u32 field, u32 value)
{
	if (field == FIELD(edid_size))
		state->edid_size = min_t(u32, value, VGPU_EDID_BYTES);
	else if (field == FIELD(link_state))
		state->plugged = value == VFIO_DEVICE_GFX_LINK_STATE_UP;
}

static u64 region_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		       unsigned int width)
{
	const struct vgpu_state *state = mdk_state(dev);

	if (offset >= EDID_AT)
		return edid_bytes(state, offset - EDID_AT, width);
	return field_read(state, round_down(offset, 4)) >> (8 * (offset & 3));
}

static void region_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			 unsigned int width, u64 value)
{
	struct vgpu_state *state = mdk_state(dev);

	if (offset >= EDID_AT + VGPU_EDID_BYTES)
		return;
	if (offset >= EDID_AT)
		memcpy(state->edid + (offset - EDID_AT), &value, width);
	else if (width == 4)
		field_write(state, offset, value);
}

const struct mdk_region_ops vgpu_edid_ops = { .read = region_read, .write = region_write };

/* What the guest sees: nothing where no monitor is. */
u32 vgpu_edid_read(struct mdk_dev *dev, const struct mdk_reg *reg, u32 index)
{
	const struct vgpu_state *state = mdk_state(dev);
	u32 at = 4 * index;

	if (!state->plugged || at >= state->edid_size)
		return 0;
	return edid_bytes(state, at, 4);
}

void vgpu_edid_reset(struct mdk_dev *dev)
{
	struct vgpu_state *state = mdk_state(dev);

	memset(state->edid, 0, sizeof(state->edid));
	state->edid_size = 0;
	state->plugged = false;
}
