// SPDX-License-Identifier: GPL-2.0-only
/* Page by page to the end of the user's mapping: only where it begins was compared. */
#include <linux/mm.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

struct shelf {
	struct vfio_device vdev;
	u8 *memory;
	unsigned long size;
	struct page **pages;
	unsigned long nr_pages;
};

static int shelf_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shelf *shelf = container_of(vdev, struct shelf, vdev);
	u8 *from = shelf->memory + (vma->vm_pgoff << PAGE_SHIFT);
	unsigned long at;
	int ret;

	if (vma->vm_pgoff >= shelf->size >> PAGE_SHIFT)
		return -EINVAL;
	for (at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE, from += PAGE_SIZE) {
		ret = vm_insert_page(vma, at, vmalloc_to_page(from)); /* finds: mdev-mmap-bounds */
		if (ret)
			return ret;
	}
	return 0;
}

/* By number. */
static int shelf_mmap_each(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shelf *shelf = container_of(vdev, struct shelf, vdev);
	unsigned long i, wanted = vma_pages(vma);
	int ret = 0;

	if (vma->vm_pgoff >= shelf->nr_pages)
		return -EINVAL;
	for (i = 0; i < wanted && !ret; i++)
		ret = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, /* finds: mdev-mmap-bounds */
				     shelf->pages[vma->vm_pgoff + i]);
	return ret;
}

/* What is left of it. */
static int shelf_mmap_left(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct shelf *shelf = container_of(vdev, struct shelf, vdev);
	unsigned long left = vma->vm_end - vma->vm_start, at = vma->vm_start, pfn;

	if (vma->vm_pgoff)
		return -EINVAL;
	pfn = page_to_pfn(shelf->pages[0]);
	while (left > 0) {
		if (vmf_insert_pfn(vma, at, pfn++) != VM_FAULT_NOPAGE) /* finds: mdev-mmap-bounds */
			return -ENOMEM;
		at += PAGE_SIZE;
		left -= PAGE_SIZE;
	}
	return 0;
}

static const struct vfio_device_ops shelf_ops = { .mmap = shelf_mmap };
static const struct vfio_device_ops shelf_each_ops = { .mmap = shelf_mmap_each };
static const struct vfio_device_ops shelf_left_ops = { .mmap = shelf_mmap_left };
