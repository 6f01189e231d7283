// SPDX-License-Identifier: GPL-2.0-only
/* What is shown on a screen, as who displays it asks: of a region, or as a dma-buf. */
#include <linux/vfio.h>
#include <string.h>

#include "player.h"

#define PRIMARY 1	/* DRM_PLANE_TYPE_PRIMARY */
#define KINDS (VFIO_GFX_PLANE_TYPE_DMABUF | VFIO_GFX_PLANE_TYPE_REGION)

static int ask(struct user_device *dev, uint32_t flags, struct vfio_device_gfx_plane_info *info)
{
	*info = (struct vfio_device_gfx_plane_info){
		.argsz = sizeof(*info), .flags = flags, .drm_plane_type = PRIMARY,
	};
	return user_device_ioctl(dev, VFIO_DEVICE_QUERY_GFX_PLANE, info);
}

/* Whoever shows it reads that much of the region, or of the dma-buf. */
static void check(const struct vfio_device_gfx_plane_info *info)
{
	const struct region *region = info->region_index < PLAYER_REGIONS ?
					      &device_info.regions[info->region_index] : NULL;

	if (info->size < (uint64_t)info->stride * info->height)
		finding("plane", "%u lines of %u bytes are shown, and their size is said to be %u",
			info->height, info->stride, info->size);
	if (info->flags & VFIO_GFX_PLANE_TYPE_REGION && info->size &&
	    (!region || info->size > region->size))
		finding("plane", "%u bytes of region %u are shown, which has %llu", info->size,
			info->region_index, region ? (unsigned long long)region->size : 0);
}

int64_t plane_event(struct user_device *dev, uint32_t flags)
{
	struct vfio_device_gfx_plane_info info;
	int ret = ask(dev, flags, &info);
	uint32_t number;

	if (ret || flags & VFIO_GFX_PLANE_TYPE_PROBE)
		return ret;
	check(&info);
	number = info.dmabuf_id;
	if (flags & VFIO_GFX_PLANE_TYPE_DMABUF)
		return user_device_ioctl(dev, VFIO_DEVICE_GET_GFX_DMABUF, &number);
	return (int64_t)info.width << 32 | info.height;
}

void plane_learn(struct user_device *dev)
{
	struct vfio_device_gfx_plane_info info;
	uint32_t kind;

	device_info.planes = 0;
	for (kind = VFIO_GFX_PLANE_TYPE_DMABUF; kind & KINDS; kind <<= 1)
		if (!ask(dev, kind | VFIO_GFX_PLANE_TYPE_PROBE, &info))
			device_info.planes |= kind;
}
