// SPDX-License-Identifier: GPL-2.0-only
/* The length is compared, and the first page, but not their sum. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#define SHORE_SHIFT 40
#define SHORE_SAND 2
#define SHORE_ROCKS 4

struct shore {
	struct vfio_device vdev;
	phys_addr_t sand, rocks;
	unsigned long sand_pages, rock_bytes;
};

/* Each by itself. */
static int shore_map_sand(struct shore *shore, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long pages = vma_pages(vma);

	if (first >= shore->sand_pages || pages > shore->sand_pages)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(shore->sand) + first, /* finds: mdev-mmap-range */
				  pages << PAGE_SHIFT, vma->vm_page_prot);
}

/* The length only, by a helper. */
static bool shore_fits(const struct shore *shore, unsigned long bytes)
{
	return bytes <= shore->rock_bytes;
}

static int shore_map_rocks(struct shore *shore, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;
	unsigned long pfn;

	if (!shore_fits(shore, bytes))
		return -EINVAL;
	pfn = PHYS_PFN(shore->rocks) + first;
	return remap_pfn_range(vma, vma->vm_start, pfn, bytes, vma->vm_page_prot); /* finds: mdev-mmap-range */
}

static int shore_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shore *shore = container_of(vdev, struct shore, vdev);
	unsigned long first = vma->vm_pgoff & (BIT(SHORE_SHIFT - PAGE_SHIFT) - 1);

	switch (vma->vm_pgoff >> (SHORE_SHIFT - PAGE_SHIFT)) {
	case SHORE_SAND:
		return shore_map_sand(shore, vma, first);
	case SHORE_ROCKS:
		return shore_map_rocks(shore, vma, first);
	default:
		return -EINVAL;
	}
}

/* All in one. */
static int shore_mmap_flat(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shore *shore = container_of(vdev, struct shore, vdev);
	size_t size = vma->vm_end - vma->vm_start;

	if (size > shore->rock_bytes)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, /* finds: mdev-mmap-range */
			       PHYS_PFN(shore->rocks) + vma->vm_pgoff, size, vma->vm_page_prot);
}

/* The offset in bytes. */
static int shore_mmap_bytes(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shore *shore = container_of(vdev, struct shore, vdev);
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 size = vma->vm_end - vma->vm_start;
	phys_addr_t at = shore->rocks + offset;

	if (offset > shore->rock_bytes)
		return -EINVAL;
	if (size > shore->rock_bytes)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, at >> PAGE_SHIFT, size, vma->vm_page_prot); /* finds: mdev-mmap-range */
}
