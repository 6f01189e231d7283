// SPDX-License-Identifier: GPL-2.0-only
/* As many pages as the user wants, and an index that may be negative. */
#include <linux/mm.h>
#include <linux/vfio.h>

#define PORT_PGSHIFT (40 - PAGE_SHIFT)

struct port {
	struct vfio_device vdev;
	unsigned long pfn[4];
	struct page *page;
	int nr;
};

static int port_mmap_fifo(struct port *port, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, port->pfn[0], size, /* finds: mdev-mmap-bounds */
				  vma->vm_page_prot);
}

static int port_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	int index = vma->vm_pgoff >> PORT_PGSHIFT; /* finds: mdev-mmap-bounds */

	if (index >= port->nr)
		return -EINVAL;
	if (index == 1)
		return port_mmap_fifo(port, vma);
	return index ? -EINVAL : vm_insert_page(vma, vma->vm_start, port->page); /* finds: mdev-mmap-bounds */
}

static int port_mmap_other(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	long index;

	index = vma->vm_pgoff >> PORT_PGSHIFT; /* finds: mdev-mmap-bounds */
	if (!(vma->vm_flags & VM_SHARED) || index >= port->nr)
		return -EINVAL;
	return 0;
}

static const struct vfio_device_ops port_ops = { .mmap = port_mmap };
static const struct vfio_device_ops port_other_ops = { .mmap = port_mmap_other };

static int port_map_all(struct port *port, struct vm_area_struct *vma, unsigned long bytes)
{
	return remap_pfn_range(vma, vma->vm_start, port->pfn[2], bytes, vma->vm_page_prot);
}

/* That it is whole pages says nothing of how many there are. */
static int port_mmap_whole(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned long bytes = vma->vm_end - vma->vm_start;

	if ((bytes & (PAGE_SIZE - 1)) != 0 || !bytes)
		return -EINVAL;
	if (vma->vm_pgoff)
		return port_map_all(port, vma, bytes);
	return remap_pfn_range(vma, vma->vm_start, port->pfn[1], bytes, /* finds: mdev-mmap-bounds */
			       vma->vm_page_prot);
}

static const struct vfio_device_ops port_whole_ops = { .mmap = port_mmap_whole };

static int port_map_one(struct port *port, struct vm_area_struct *vma)
{
	if (vma_pages(vma) != 1)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, port->pfn[0], PAGE_SIZE, vma->vm_page_prot);
}

static int port_map_many(struct port *port, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start, port->pfn[1], /* finds: mdev-mmap-bounds */
			       vma_pages(vma) << PAGE_SHIFT, vma->vm_page_prot);
}

/* What is compared for the one says nothing of the other. */
static int port_mmap_either(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);

	return vma->vm_pgoff ? port_map_many(port, vma) : port_map_one(port, vma);
}

static const struct vfio_device_ops port_either_ops = { .mmap = port_mmap_either };
