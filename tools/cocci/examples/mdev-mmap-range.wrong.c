// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/vfio.h>

struct my_device {
	struct vfio_device vdev;
	unsigned long pfn, pages;
};

static int my_map(struct my_device *my, struct vm_area_struct *vma)
{
	unsigned long first = vma->vm_pgoff, pages = vma_pages(vma);

	if (first >= my->pages || pages > my->pages)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, my->pfn + first, pages << PAGE_SHIFT,
			       vma->vm_page_prot);
}
