/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file display.h
 * @brief Display: the picture that a device shows, for the window of a virtual machine.
 *
 * The driver says where in a memory region the picture lies. The SDK answers
 * VFIO_DEVICE_QUERY_GFX_PLANE and VFIO_DEVICE_GET_GFX_DMABUF from that, after a check: a guest
 * programs the mode, so the numbers are its own.
 */
#ifndef MDK_DISPLAY_H
#define MDK_DISPLAY_H

#include <mdk/types.h>

struct mdk_dev;

/** Four bytes a pixel: blue, green, red, unused (DRM_FORMAT_XRGB8888). */
#define MDK_FORMAT_XRGB8888 0x34325258
/** Two bytes a pixel: five, six and five bits (DRM_FORMAT_RGB565). */
#define MDK_FORMAT_RGB565 0x36314752

/** Largest width and largest height of a picture, in pixels. */
#define MDK_PLANE_SIDE_MAX 16384

/**
 * struct mdk_plane - a picture in memory
 * @format: MDK_FORMAT_*
 * @width: pixels
 * @height: lines
 * @stride: bytes from one line to the next
 * @offset: of the first pixel, bytes from the region's start
 */
struct mdk_plane {
	u32 format;
	u32 width;
	u32 height;
	u32 stride;
	u64 offset;
};

#define MDK_PLANE_REGION BIT(0) /**< a VFIO user maps the region and finds the picture there */
#define MDK_PLANE_DMABUF BIT(1) /**< a VFIO user gets a dma-buf; on kernels that have them */

/**
 * struct mdk_display - a device that shows something
 * @region: index of the memory region with MDK_MMAP that the picture lies in
 * @scanout: fills the zeroed @plane; false while the display is off. A plane that does not lie in
 *	the region as a whole counts as off. Context: process, under the instance's lock.
 * @kinds: MDK_PLANE_*: how users get the picture; 0 means MDK_PLANE_REGION. QEMU takes the
 *	dma-buf where both are offered, and then does not start without OpenGL: leave the choice
 *	to administrators.
 *
 * A VFIO user sees the picture in the region itself, if @offset is 0, and as a dma-buf, if it is a
 * multiple of the page. A reset forgets which pictures were shown: a dma-buf that is there stays,
 * but none is made of a picture of before. A dma-buf keeps its memory when the instance is closed:
 * until the last one is released the instance cannot be opened (-EBUSY). A read-only region is not
 * shown as dma-buf.
 */
struct mdk_display {
	u32 region;
	bool (*scanout)(struct mdk_dev *dev, struct mdk_plane *plane);
	u32 kinds;
};

#endif /* MDK_DISPLAY_H */
