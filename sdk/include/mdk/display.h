/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file display.h
 * @brief Display: the picture that a device shows, for the window of a virtual machine.
 *
 * The driver says where in a memory region the picture lies. The SDK answers
 * VFIO_DEVICE_QUERY_GFX_PLANE and VFIO_DEVICE_GET_GFX_DMABUF from that, after a check: a guest
 * programs the mode, so the numbers are its own.
 *
 * The monitor is the VFIO user's: QEMU describes it (EDID; its properties xres= and yres= are in
 * that) and plugs it in and out. MDK_OWN_EDID() among the regions of a type lets it, MDK_REG_EDID()
 * shows a guest what it has written, and the type's .max_xres and .max_yres are the largest mode
 * that it will ask for.
 *
 * - What the user writes becomes visible as a whole when it sets the link up. While the link is
 *   down a guest finds zeroes. A size that is larger than the room, and a state of the link that
 *   is none, are not taken.
 * - A guest hears of it, by .hotplug, when the link goes up or down, and when it is set up again
 *   with another EDID.
 * - The monitor outlives a reset, since it is no part of the device. After the last close there
 *   is none: the next user finds zeroes and a link that is down.
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

/** Most bytes of an EDID. */
#define MDK_EDID_MAX 512

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
 * struct mdk_hotplug - what tells a guest that its monitor has changed
 * @region: index of the region of the status register
 * @status: offset of that register
 * @bits: of it, that are raised; each is a row of MDK_CAUSES()
 */
struct mdk_hotplug {
	u32 region;
	u32 status;
	u32 bits;
};

/** Bits @_bits of the register at @_status of region @_region are raised. */
#define MDK_HOTPLUG(_region, _status, _bits)                                                       \
	{ .region = (_region), .status = (_status), .bits = (_bits) }

/**
 * struct mdk_display - a device that shows something
 * @region: index of the memory region with MDK_MMAP that the picture lies in
 * @scanout: fills the zeroed @plane; false while the display is off. A plane that does not lie in
 *	the region as a whole counts as off. Context: process, under the instance's lock.
 * @kinds: MDK_PLANE_*: how users get the picture; 0 means MDK_PLANE_REGION. QEMU takes the
 *	dma-buf where both are offered, and then does not start without OpenGL: leave the choice
 *	to administrators.
 * @hotplug: optional, with MDK_OWN_EDID(): raised when the monitor has changed
 * @monitor: optional, with MDK_OWN_EDID(): the monitor has changed; @up: one is there, of which
 *	mdk_edid_get() has the EDID. Before @hotplug is raised. Not while the parent sleeps or is
 *	gone. Context: process, under the instance's lock.
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
	struct mdk_hotplug hotplug;
	void (*monitor)(struct mdk_dev *dev, bool up);
};

/**
 * mdk_plane_fits() - would this picture be shown?
 * @dev: the instance, of a model with a display
 * @plane: as scanout fills it
 *
 * Context: any. Return: its format is known, it has pixels, and it lies in the display's region as
 * a whole.
 */
bool mdk_plane_fits(struct mdk_dev *dev, const struct mdk_plane *plane);

/**
 * mdk_edid_get() - the EDID of the monitor, as a guest sees it
 * @dev: the instance
 * @buf: where to
 * @size: bytes of @buf; those behind the EDID become zero
 *
 * For a device whose guests read it in another way than by MDK_REG_EDID(). Context: under the lock
 * of mdk_lock(), which callbacks have. Return: bytes of the EDID, which may be more than @size and
 * are at most MDK_EDID_MAX; 0 while no monitor is there.
 */
u32 mdk_edid_get(struct mdk_dev *dev, void *buf, u32 size);

#endif /* MDK_DISPLAY_H */
