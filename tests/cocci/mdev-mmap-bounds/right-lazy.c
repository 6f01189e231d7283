// SPDX-License-Identifier: GPL-2.0-only
/* The fault handler asks how many pages there are. */
#include <linux/mm.h>
#include <linux/vfio.h>

#define MINE_PAGES 32

struct mine {
	struct vfio_device vdev;
	struct page *coal[MINE_PAGES];
};

static vm_fault_t mine_fault(struct vm_fault *vmf)
{
	struct mine *mine = vmf->vma->vm_private_data;

	if (vmf->pgoff >= MINE_PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = mine->coal[array_index_nospec(vmf->pgoff, MINE_PAGES)];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct mine_vm_ops = { .fault = mine_fault };

static int mine_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	vma->vm_ops = &mine_vm_ops;
	vma->vm_private_data = container_of(vdev, struct mine, vdev);
	return 0;
}

static const struct vfio_device_ops mine_ops = { .name = "mine", .mmap = mine_mmap };
