// SPDX-License-Identifier: GPL-2.0-only
static int my_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	struct my_dev *my = my_of(vdev);

	if (vma->vm_pgoff || size > my->size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, my->pfn, size, vma->vm_page_prot);
}
