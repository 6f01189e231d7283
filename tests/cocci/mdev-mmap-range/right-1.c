// SPDX-License-Identifier: GPL-2.0-only
/* Their sum is compared, or one of them is fixed. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#define COAST_SHIFT 40
#define COAST_SAND 2
#define COAST_ROCKS 4
#define COAST_BELL 5

struct coast {
	struct vfio_device vdev;
	phys_addr_t sand, rocks, bell;
	unsigned long sand_pages, rock_bytes;
};

static int coast_map_sand(struct coast *coast, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long pages = vma_pages(vma);

	if (first >= coast->sand_pages || pages > coast->sand_pages - first)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(coast->sand) + first,
				  pages << PAGE_SHIFT, vma->vm_page_prot);
}

/* One page, the first. */
static int coast_map_bell(struct coast *coast, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;

	if (first || bytes != PAGE_SIZE)
		return -EINVAL;
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(coast->bell) + first, bytes,
				  vma->vm_page_prot);
}

static bool coast_fits(const struct coast *coast, unsigned long first, unsigned long bytes)
{
	u64 end = ((u64)first << PAGE_SHIFT) + bytes;

	return end <= coast->rock_bytes;
}

static int coast_map_rocks(struct coast *coast, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;

	if (!coast_fits(coast, first, bytes))
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(coast->rocks) + first, bytes,
			       vma->vm_page_prot);
}

/* From the beginning, whatever page the user asks for. */
static int coast_map_start(struct coast *coast, struct vm_area_struct *vma)
{
	unsigned long bytes = vma->vm_end - vma->vm_start;

	if (bytes > coast->rock_bytes)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(coast->rocks), bytes,
			       vma->vm_page_prot);
}

static int coast_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct coast *coast = container_of(vdev, struct coast, vdev);
	unsigned long first = vma->vm_pgoff & (BIT(COAST_SHIFT - PAGE_SHIFT) - 1);

	switch (vma->vm_pgoff >> (COAST_SHIFT - PAGE_SHIFT)) {
	case COAST_SAND:
		return coast_map_sand(coast, vma, first);
	case COAST_ROCKS:
		return coast_map_rocks(coast, vma, first);
	case COAST_BELL:
		return coast_map_bell(coast, vma, first);
	default:
		return coast_map_start(coast, vma);
	}
}
