// SPDX-License-Identifier: GPL-2.0-only
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#define PB_SHIFT 40
#define PB_DOORBELL 2
#define PB_VRAM 4

struct pb_dev {
	struct vfio_device vdev;
	phys_addr_t doorbell;
	phys_addr_t vram;
	unsigned long vram_pages;
	bool vram_ready;
};

static int pb_map_doorbell(struct pb_dev *pb, struct vm_area_struct *vma, unsigned long first)
{
	if (first || vma_pages(vma) != 1)
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, PHYS_PFN(pb->doorbell), PAGE_SIZE,
				  vma->vm_page_prot);
}

static int pb_map_vram(struct pb_dev *pb, struct vm_area_struct *vma, unsigned long first)
{
	unsigned long pages = vma_pages(vma);

	if (!pb->vram_ready)
		return -ENXIO;
	if (first >= pb->vram_pages || pages > pb->vram_pages - first)
		return -EINVAL;
	vm_flags_set(vma, VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start,
				  PHYS_PFN(pb->vram) + first,
				  pages << PAGE_SHIFT, vma->vm_page_prot);
}

static int pb_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct pb_dev *pb = container_of(vdev, struct pb_dev, vdev);
	unsigned long first = vma->vm_pgoff & (BIT(PB_SHIFT - PAGE_SHIFT) - 1);
	unsigned long index = vma->vm_pgoff >> (PB_SHIFT - PAGE_SHIFT);

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;

	switch (index) {
	case PB_DOORBELL:
		return pb_map_doorbell(pb, vma, first);
	case PB_VRAM:
		return pb_map_vram(pb, vma, first);
	default:
		return -EINVAL;
	}
}

static const struct vfio_device_ops pb_ops = {
	.name = "pb",
	.mmap = pb_mmap,
};
