// SPDX-License-Identifier: GPL-2.0-only
/* What commands do to the picture. Each number of a command is checked before it is used. */
#include <linux/string.h>

#include "vgpu_state.h"

static bool inside(const struct vgpu_picture *picture, u32 x, u32 y, u32 width, u32 height)
{
	return width && height && width <= picture->width && height <= picture->height &&
	       x <= picture->width - width && y <= picture->height - height;
}

static u32 *pixel(const struct vgpu_picture *picture, u32 x, u32 y)
{
	return (u32 *)(picture->pixels + (size_t)y * picture->stride) + x;
}

static enum vgpu_status fill(const struct vgpu_picture *picture, const struct vgpu_command *c)
{
	u32 y;

	if (!inside(picture, c->x, c->y, c->width, c->height))
		return VGPU_BAD_AREA;
	for (y = 0; y < c->height; y++)
		memset32(pixel(picture, c->x, c->y + y), c->color, c->width);
	return VGPU_OK;
}

/* Areas may overlap: lines go in the direction that reads each before it is written. */
static enum vgpu_status copy(const struct vgpu_picture *picture, const struct vgpu_command *c)
{
	bool up = c->y > c->from_y;
	u32 i, line;

	if (!inside(picture, c->x, c->y, c->width, c->height) ||
	    !inside(picture, c->from_x, c->from_y, c->width, c->height))
		return VGPU_BAD_AREA;
	for (i = 0; i < c->height; i++) {
		line = up ? c->height - 1 - i : i;
		memmove(pixel(picture, c->x, c->y + line),
			pixel(picture, c->from_x, c->from_y + line), 4 * c->width);
	}
	return VGPU_OK;
}

/* Both ends are inside, and so is what lies between them. */
static enum vgpu_status line(const struct vgpu_picture *picture, const struct vgpu_command *c)
{
	s32 x = c->x, y = c->y, to_x = c->from_x, to_y = c->from_y;
	s32 dx, dy, step_x, step_y, err;

	if (!inside(picture, c->x, c->y, 1, 1) || !inside(picture, c->from_x, c->from_y, 1, 1))
		return VGPU_BAD_AREA;
	dx = abs(to_x - x);
	dy = -abs(to_y - y);
	step_x = x < to_x ? 1 : -1;
	step_y = y < to_y ? 1 : -1;
	err = dx + dy;
	for (;;) {
		s32 twice = 2 * err;

		*pixel(picture, x, y) = c->color;
		if (x == to_x && y == to_y)
			return VGPU_OK;
		if (twice >= dy) {
			err += dy;
			x += step_x;
		}
		if (twice <= dx) {
			err += dx;
			y += step_y;
		}
	}
}

static int transfer_line(struct mdk_pinned *pinned, const struct vgpu_picture *picture,
			 const struct vgpu_command *c, u32 y)
{
	u64 offset = 4ULL * c->width * y;
	u32 *at = pixel(picture, c->x, c->y + y);

	if (c->op == VGPU_UPLOAD)
		return mdk_pinned_read(pinned, offset, at, 4 * c->width);
	return mdk_pinned_write(pinned, offset, at, 4 * c->width);
}

static enum vgpu_status transfer(struct mdk_dev *dev, const struct vgpu_picture *picture,
				 const struct vgpu_command *c)
{
	struct mdk_pinned *pinned;
	int ret = 0;
	u32 y;

	if (!inside(picture, c->x, c->y, c->width, c->height))
		return VGPU_BAD_AREA;
	pinned = mdk_pin(dev, c->address, 4ULL * c->width * c->height,
			 c->op == VGPU_UPLOAD ? MDK_TO_DEVICE : MDK_FROM_DEVICE);
	if (IS_ERR(pinned))
		return VGPU_BAD_ADDRESS;
	for (y = 0; y < c->height && !ret; y++)
		ret = transfer_line(pinned, picture, c, y);
	mdk_unpin(pinned);
	return ret ? VGPU_BAD_ADDRESS : VGPU_OK;
}

enum vgpu_status vgpu_paint(struct mdk_dev *dev, const struct vgpu_picture *picture,
			    const struct vgpu_command *command)
{
	switch (command->op) {
	case VGPU_FILL:
		return fill(picture, command);
	case VGPU_COPY:
		return copy(picture, command);
	case VGPU_LINE:
		return line(picture, command);
	default:
		return transfer(dev, picture, command);
	}
}
