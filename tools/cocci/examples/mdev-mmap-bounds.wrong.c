// SPDX-License-Identifier: GPL-2.0-only
static int my_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct my_dev *my = my_of(vdev);

	return remap_pfn_range(vma, vma->vm_start, my->pfn, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}
