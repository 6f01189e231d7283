// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client may map of a region: the driver is asked for each part of it, as by a mmap(). All
 * of them lie in one file, each as far behind the others as in the region: a client has one
 * descriptor for a region.
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "shell.h"

#define SPARSE_HEAD offsetof(struct vfio_region_info_cap_sparse_mmap, areas)

/* Where a region begins in a file. */
struct place {
	int fd;
	u64 offset;
};

static int ask(struct user_device *dev, u32 index, u32 argsz, struct vfio_region_info **info)
{
	*info = kzalloc(argsz, GFP_KERNEL);
	if (!*info)
		return -ENOMEM;
	(*info)->argsz = argsz;
	(*info)->index = index;
	return user_device_ioctl(dev, VFIO_DEVICE_GET_REGION_INFO, *info);
}

/* With its chain of capabilities. */
static int ask_all(struct user_device *dev, u32 index, struct vfio_region_info **info)
{
	int ret = ask(dev, index, sizeof(**info), info);
	u32 argsz = ret ? 0 : (*info)->argsz;

	if (argsz <= sizeof(**info))
		return ret;
	kfree(*info);
	return ask(dev, index, argsz, info);
}

/* The list of parts, as far as it lies inside of the answer. NULL: there is none. */
static const struct vfio_region_info_cap_sparse_mmap *parts_of(const struct vfio_region_info *info)
{
	u32 at = info->flags & VFIO_REGION_INFO_FLAG_CAPS ? info->cap_offset : 0;
	const struct vfio_region_info_cap_sparse_mmap *parts;

	while (at >= sizeof(*info) && at <= info->argsz - sizeof(parts->header)) {
		parts = (const void *)((const char *)info + at);
		if (parts->header.id == VFIO_REGION_INFO_CAP_SPARSE_MMAP &&
		    info->argsz - at >= SPARSE_HEAD &&
		    (info->argsz - at - SPARSE_HEAD) / sizeof(parts->areas[0]) >= parts->nr_areas)
			return parts;
		/* Forward only, so that it ends. */
		at = parts->header.next > at ? parts->header.next : 0;
	}
	return NULL;
}

static int map_part(struct user_device *dev, const struct vfio_region_info *info, u64 at, u64 size,
		    struct place *place)
{
	struct vm_area_struct vma = { .user_fd = -1 };
	int ret;

	if (at > info->size || size > info->size - at || !PAGE_ALIGNED(at))
		return -EINVAL;
	vma.vm_end = PAGE_ALIGN(size);
	vma.vm_pgoff = (info->offset + at) >> PAGE_SHIFT;
	vma.vm_flags = VM_SHARED | VM_MAYSHARE | VM_READ | VM_MAYREAD;
	if (info->flags & VFIO_REGION_INFO_FLAG_WRITE)
		vma.vm_flags |= VM_WRITE | VM_MAYWRITE;
	ret = dev->parent->ops.mmap(&dev->base, &vma);
	if (ret)
		return ret;
	if (vma.user_fd < 0 || vma.user_offset < at)
		return -EINVAL;
	if (place->fd >= 0 &&
	    (place->fd != vma.user_fd || place->offset != vma.user_offset - at))
		return -EINVAL;
	*place = (struct place){ .fd = vma.user_fd, .offset = vma.user_offset - at };
	return 0;
}

static int map_parts(struct user_device *dev, const struct vfio_region_info *info,
		     struct place *place)
{
	const struct vfio_region_info_cap_sparse_mmap *parts = parts_of(info);
	int ret = 0;
	u32 i;

	if (!parts)
		return map_part(dev, info, 0, info->size, place);
	for (i = 0; i < parts->nr_areas && !ret; i++)
		ret = map_part(dev, info, parts->areas[i].offset, parts->areas[i].size, place);
	return ret ?: place->fd < 0 ? -EINVAL : 0;
}

int user_device_region_fd(struct user_device *dev, unsigned int index, int *fd, uint64_t *offset)
{
	struct place place = { .fd = -1 };
	struct vfio_region_info *info;
	int ret = ask_all(dev, index, &info);

	if (!ret && (!(info->flags & VFIO_REGION_INFO_FLAG_MMAP) || !info->size ||
		     !dev->parent->ops.mmap))
		ret = -EINVAL;
	ret = ret ?: map_parts(dev, info, &place);
	kfree(info);
	if (ret)
		return ret;
	*fd = place.fd;
	*offset = place.offset;
	return 0;
}
