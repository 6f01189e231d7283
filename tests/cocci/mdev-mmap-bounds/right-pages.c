// SPDX-License-Identifier: GPL-2.0-only
/* Page by page, and before, or at each page, it is compared with what there is. */
#include <linux/mm.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

struct rack {
	struct vfio_device vdev;
	u8 *memory;
	unsigned long size;
	struct page **pages;
	unsigned long nr_pages;
};

static int rack_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);
	u64 first = vma->vm_pgoff << PAGE_SHIFT;
	u8 *from = rack->memory + first;
	unsigned long at;
	int ret;

	if (first >= rack->size || vma->vm_end - vma->vm_start > rack->size - first)
		return -EINVAL;
	for (at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE, from += PAGE_SIZE) {
		ret = vm_insert_page(vma, at, vmalloc_to_page(from));
		if (ret)
			return ret;
	}
	return 0;
}

/* Each page is compared. */
static int rack_mmap_each(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);
	unsigned long at, nr = vma->vm_pgoff;
	int ret;

	for (at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE) {
		if (nr >= rack->nr_pages)
			return -EINVAL;
		ret = vm_insert_page(vma, at, rack->pages[nr++]);
		if (ret)
			return ret;
	}
	return 0;
}

/* Two ends. */
static int rack_mmap_both(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);
	unsigned long i;
	int ret = 0;

	for (i = 0; i < vma_pages(vma) && i < rack->nr_pages && !ret; i++)
		ret = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, rack->pages[i]);
	return ret;
}

static struct page *rack_page(struct rack *rack, unsigned long nr)
{
	return nr < rack->nr_pages ? rack->pages[nr] : NULL;
}

/* A page that is not there is not mapped. */
static int rack_mmap_found(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);
	unsigned long at, nr = vma->vm_pgoff;
	int ret = 0;

	for (at = vma->vm_start; at < vma->vm_end && !ret; at += PAGE_SIZE) {
		struct page *page = rack_page(rack, nr++);

		if (!page)
			return -EINVAL;
		ret = vm_insert_page(vma, at, page);
	}
	return ret;
}

static const struct vfio_device_ops rack_ops = { .mmap = rack_mmap };
static const struct vfio_device_ops rack_each_ops = { .mmap = rack_mmap_each };
static const struct vfio_device_ops rack_both_ops = { .mmap = rack_mmap_both };
static const struct vfio_device_ops rack_found_ops = { .mmap = rack_mmap_found };
