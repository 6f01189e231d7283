// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_QUERY_GFX_PLANE and VFIO_DEVICE_GET_GFX_DMABUF.
 *
 * A user asks what is shown, gets a number for it, and asks for the dma-buf of that number. The
 * numbers of the last few planes are remembered, so that a mode that changes in between does not
 * change what a number means.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "run/instance/vendor_checks.h"
#include "display.h"
#include "dmabuf.h"

/* DRM_PLANE_TYPE_PRIMARY, which uapi headers do not have. */
#define MDK_PLANE_PRIMARY 1

/* VFIO_GFX_PLANE_TYPE_* that this device has. */
static u32 mdk_plane_types(const struct mdk_inst *inst)
{
	const struct mdk_display *display = &inst->plan->host->display;
	u32 types = 0;

	if (display->scanout && display->kinds & MDK_PLANE_REGION)
		types |= VFIO_GFX_PLANE_TYPE_REGION;
	/* A dma-buf can always be written to, so the region must be writable. */
	if (display->scanout && display->kinds & MDK_PLANE_DMABUF && MDK_HAVE_DMA_BUF &&
	    inst->plan->slots[display->region].flags & MDK_SLOT_WRITE)
		types |= VFIO_GFX_PLANE_TYPE_DMABUF;
	return types;
}

static u32 mdk_bytes_per_pixel(u32 format)
{
	switch (format) {
	case MDK_FORMAT_XRGB8888:
		return 4;
	case MDK_FORMAT_RGB565:
		return 2;
	default:
		return 0;
	}
}

static u64 mdk_plane_size(const struct mdk_plane *plane)
{
	return (u64)plane->stride * plane->height;
}

/* The guest has programmed these values: they may be nonsense. */
static bool mdk_plane_ok(const struct mdk_slot *slot, const struct mdk_plane *plane)
{
	u32 bytes = mdk_bytes_per_pixel(plane->format);

	return bytes && plane->width && plane->height && plane->width <= MDK_PLANE_SIDE_MAX &&
	       plane->height <= MDK_PLANE_SIDE_MAX && plane->stride / bytes >= plane->width &&
	       !(plane->stride % bytes) &&
	       /* VFIO users keep the size in an int. */
	       mdk_plane_size(plane) <= min_t(u64, slot->size, S32_MAX) &&
	       plane->offset <= slot->size - mdk_plane_size(plane);
}

bool mdk_plane_fits(struct mdk_dev *dev, const struct mdk_plane *plane)
{
	const struct mdk_plan *plan = to_mdk_inst(dev)->plan;

	return plan->host->display.scanout &&
	       mdk_plane_ok(&plan->slots[plan->host->display.region], plane);
}

static bool mdk_call_scanout(struct mdk_inst *inst, struct mdk_plane *plane)
{
	struct mdk_call_state before = mdk_call_begin();
	bool on = inst->plan->host->display.scanout(&inst->base, plane);

	mdk_call_end(inst->plan->host, "scanout", NULL, &before);
	return on;
}

/* Return: false while nothing is shown. */
static bool mdk_plane_get(struct mdk_inst *inst, struct mdk_plane *plane)
{
	const struct mdk_slot *slot = &inst->plan->slots[inst->plan->host->display.region];
	bool on = false;

	*plane = (struct mdk_plane){};
	mdk_inst_lock(inst);
	if (!READ_ONCE(inst->fenced))
		on = mdk_call_scanout(inst, plane);
	mdk_inst_unlock(inst);
	return on && mdk_plane_ok(slot, plane);
}

static bool mdk_plane_same(const struct mdk_plane *a, const struct mdk_plane *b)
{
	return a->format == b->format && a->width == b->width && a->height == b->height &&
	       a->stride == b->stride && a->offset == b->offset;
}

/* The number of a plane, from 1 on; the oldest of the remembered ones is forgotten. */
static u32 mdk_plane_number(struct mdk_inst *inst, const struct mdk_plane *plane)
{
	struct mdk_shown *shown = &inst->shown;
	u32 i;

	lockdep_assert_held(&shown->lock);
	for (i = 0; i < shown->kept; i++)
		if (mdk_plane_same(&shown->planes[(shown->last - i) % MDK_PLANES_KEPT], plane))
			return shown->last - i;
	shown->last++;
	/* Zero is no number, not even after four billion changes of the mode. */
	if (!shown->last)
		shown->last = MDK_PLANES_KEPT;
	shown->kept = min_t(u32, shown->kept + 1, MDK_PLANES_KEPT);
	shown->planes[shown->last % MDK_PLANES_KEPT] = *plane;
	return shown->last;
}

static bool mdk_plane_by_number(struct mdk_inst *inst, u32 number, struct mdk_plane *plane)
{
	struct mdk_shown *shown = &inst->shown;
	bool found;

	mutex_lock(&shown->lock);
	found = number && number <= shown->last && shown->last - number < shown->kept;
	if (found)
		*plane = shown->planes[number % MDK_PLANES_KEPT];
	mutex_unlock(&shown->lock);
	return found;
}

void mdk_display_forget(struct mdk_inst *inst, bool last_close)
{
	mutex_lock(&inst->shown.lock);
	inst->shown.kept = 0;
	if (last_close)
		inst->shown.last = 0;
	mutex_unlock(&inst->shown.lock);
}

/* The picture as one of the two kinds can show it; all zero while nothing is shown. */
static void mdk_plane_describe(struct mdk_inst *inst, struct vfio_device_gfx_plane_info *info)
{
	bool dmabuf = info->flags & VFIO_GFX_PLANE_TYPE_DMABUF;
	struct mdk_plane plane;

	if (!mdk_plane_get(inst, &plane) || (dmabuf ? !PAGE_ALIGNED(plane.offset) : !!plane.offset))
		return;
	info->drm_format = plane.format;
	info->width = plane.width;
	info->height = plane.height;
	info->stride = plane.stride;
	info->size = mdk_plane_size(&plane);
	if (!dmabuf) {
		info->region_index = inst->plan->host->display.region;
		return;
	}
	mutex_lock(&inst->shown.lock);
	info->dmabuf_id = mdk_plane_number(inst, &plane);
	mutex_unlock(&inst->shown.lock);
}

long mdk_ioctl_query_plane(struct mdk_inst *inst, void __user *uarg)
{
	const size_t minsz = offsetofend(struct vfio_device_gfx_plane_info, dmabuf_id);
	struct vfio_device_gfx_plane_info asked = {}, info = {};
	u32 type;

	if (!inst->plan->host->display.scanout)
		return -ENOTTY;
	if (copy_from_user(&asked, uarg, minsz))
		return -EFAULT;
	if (asked.argsz < minsz)
		return -EINVAL;
	/* A probe need not name a plane. */
	type = asked.flags & ~VFIO_GFX_PLANE_TYPE_PROBE;
	if (!is_power_of_2(type) || !(type & mdk_plane_types(inst)))
		return -EINVAL;
	if (asked.flags & VFIO_GFX_PLANE_TYPE_PROBE)
		return 0;
	/* For a region, which has one plane only, QEMU leaves the plane type 0. */
	if (asked.drm_plane_type != MDK_PLANE_PRIMARY &&
	    (type != VFIO_GFX_PLANE_TYPE_REGION || asked.drm_plane_type))
		return -EINVAL;

	info.argsz = asked.argsz;
	info.flags = type;
	info.drm_plane_type = MDK_PLANE_PRIMARY;
	mdk_plane_describe(inst, &info);
	return copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

long mdk_ioctl_get_dmabuf(struct mdk_inst *inst, void __user *uarg)
{
	const struct mdk_display *display = &inst->plan->host->display;
	struct mdk_plane plane;
	u32 number;

	if (!(mdk_plane_types(inst) & VFIO_GFX_PLANE_TYPE_DMABUF))
		return -ENOTTY;
	if (get_user(number, (u32 __user *)uarg))
		return -EFAULT;
	if (READ_ONCE(inst->gone))
		return -ENODEV;
	if (!mdk_plane_by_number(inst, number, &plane))
		return -EINVAL;
	return mdk_ram_export(inst, display->region, plane.offset, mdk_plane_size(&plane));
}
