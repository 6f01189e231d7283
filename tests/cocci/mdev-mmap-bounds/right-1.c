// SPDX-License-Identifier: GPL-2.0-only
/* Compared: here, in the caller, or by the number of pages. */
#include <linux/mm.h>
#include <linux/vfio.h>

#define PORT_PGSHIFT (40 - PAGE_SHIFT)

struct port {
	struct vfio_device vdev;
	unsigned long pfn;
	unsigned long size;
	struct page *page;
};

static int port_map(struct port *port, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, port->pfn, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static int port_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int index = vma->vm_pgoff >> PORT_PGSHIFT;
	unsigned long size = vma->vm_end - vma->vm_start;
	unsigned long pgoff = vma->vm_pgoff & ((1UL << PORT_PGSHIFT) - 1);

	if (index || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (pgoff << PAGE_SHIFT >= port->size || size > port->size - (pgoff << PAGE_SHIFT))
		return -EINVAL;
	return port_map(port, vma);
}

static int port_mmap_page(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);

	if (vma_pages(vma) != 1)
		return -EINVAL;
	return vm_insert_page(vma, vma->vm_start, port->page);
}

static int port_mmap_signed(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	int index = vma->vm_pgoff >> PORT_PGSHIFT;

	if (index < 0 || index >= 4)
		return -EINVAL;
	return index ? -ENODEV : port_mmap_page(vdev, vma);
}

static const struct vfio_device_ops port_ops = { .mmap = port_mmap };
static const struct vfio_device_ops port_signed_ops = { .mmap = port_mmap_signed };
