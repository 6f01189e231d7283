// SPDX-License-Identifier: GPL-2.0-only
/* Capability chains of VFIO infos: every byte written, each link aligned. */
#include <linux/align.h>
#include <linux/overflow.h>
#include <linux/vfio.h>

#include <mdk/caps.h>

/* Appends a capability whose payload is zero. Return: its header, or NULL. */
static void *mdk_caps_grow(struct vfio_info_cap *caps, u16 id, u16 version, size_t size)
{
	struct vfio_info_cap_header *header;

	/* Early kernels do not align the next capability, and no kernel zeroes a payload. */
	size = ALIGN(size, sizeof(u64));
	header = vfio_info_cap_add(caps, size, id, version);
	if (IS_ERR(header))
		return NULL;
	memset(header + 1, 0, size - sizeof(*header));
	return header;
}

int mdk_caps_add_type(struct vfio_info_cap *caps, u32 type, u32 subtype)
{
	struct vfio_region_info_cap_type *cap;

	cap = mdk_caps_grow(caps, VFIO_REGION_INFO_CAP_TYPE, 1, sizeof(*cap));
	if (!cap)
		return -ENOMEM;
	cap->type = type;
	cap->subtype = subtype;
	return 0;
}

int mdk_caps_add_sparse_mmap(struct vfio_info_cap *caps, const struct mdk_area *areas, u32 nr_areas)
{
	struct vfio_region_info_cap_sparse_mmap *cap;
	u32 i;

	cap = mdk_caps_grow(caps, VFIO_REGION_INFO_CAP_SPARSE_MMAP, 1,
			    struct_size(cap, areas, nr_areas));
	if (!cap)
		return -ENOMEM;
	cap->nr_areas = nr_areas;
	for (i = 0; i < nr_areas; i++) {
		cap->areas[i].offset = areas[i].offset;
		cap->areas[i].size = areas[i].size;
	}
	return 0;
}
