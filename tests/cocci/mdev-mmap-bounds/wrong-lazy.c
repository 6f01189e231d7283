// SPDX-License-Identifier: GPL-2.0-only
/* All is left to the fault handler, which asks nothing either. */
#include <linux/mm.h>
#include <linux/vfio.h>

struct quarry {
	struct vfio_device vdev;
	struct page **stones;
	void *dust;
};

static vm_fault_t quarry_fault(struct vm_fault *vmf)
{
	struct quarry *quarry = vmf->vma->vm_private_data;

	vmf->page = quarry->stones[vmf->pgoff]; /* finds: mdev-mmap-bounds */
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct quarry_vm_ops = { .fault = quarry_fault };

static int quarry_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct quarry *quarry = container_of(vdev, struct quarry, vdev);

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	vma->vm_ops = &quarry_vm_ops;
	vma->vm_private_data = quarry;
	return 0;
}

static const struct vfio_device_ops quarry_ops = { .name = "quarry", .mmap = quarry_mmap };
