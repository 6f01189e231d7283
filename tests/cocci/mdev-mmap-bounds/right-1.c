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

static bool port_fits(struct port *port, unsigned long offset, unsigned long length)
{
	return offset <= port->size && length <= port->size - offset;
}

/* A helper is given the length alone. */
static int port_mmap_fitting(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned long length = vma->vm_end - vma->vm_start;

	if (!port_fits(port, vma->vm_pgoff << PAGE_SHIFT, length))
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, port->pfn + vma->vm_pgoff, length,
			       vma->vm_page_prot);
}

/* A layer over the kernel's own: how much is its caller's matter. */
static int port_remap(struct vm_area_struct *vma, unsigned long at, unsigned long pfn,
		      unsigned long bytes)
{
	return remap_pfn_range(vma, at, pfn, bytes, vma->vm_page_prot);
}

/* As many pages as there are, and by a macro of the driver's how many are asked for. */
#define PORT_VMA_SIZE(vma) ((vma)->vm_end - (vma)->vm_start)

static int port_mmap_pages(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned long at = vma->vm_start, pages = PORT_VMA_SIZE(vma) >> PAGE_SHIFT, i;
	int ret = 0;

	if (port->size >> PAGE_SHIFT < pages)
		return -EINVAL;
	for (i = 0; i < pages && !ret; i++, at += PAGE_SIZE)
		ret = i & 1 ? port_remap(vma, at, port->pfn + i, PAGE_SIZE) :
		      vm_insert_page(vma, at, port->page + i);
	return ret;
}

/* One page, where the fault was. */
static vm_fault_t port_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	return vmf_insert_pfn(vma, vma->vm_start + (vmf->pgoff << PAGE_SHIFT), vmf->pgoff);
}

/* The core of dma_buf has compared it. */
static int port_buf_mmap(struct dma_buf *buf, struct vm_area_struct *vma)
{
	struct port *port = buf->priv;

	return remap_pfn_range(vma, vma->vm_start, port->pfn, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct vfio_device_ops port_fitting_ops = { .mmap = port_mmap_fitting };
static const struct vfio_device_ops port_pages_ops = { .mmap = port_mmap_pages };
static const struct vm_operations_struct port_vm_ops = { .fault = port_fault };
static const struct dma_buf_ops port_buf_ops = { .mmap = port_buf_mmap };

/* Only the name is that of the kernel's. */
static int vm_insert_pages(struct port *port, struct vm_area_struct *vma, unsigned long at)
{
	return port->size ? 0 : -ENXIO;
}

static int port_mmap_own(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	return vm_insert_pages(container_of(vdev, struct port, vdev), vma, vma->vm_start);
}

static const struct vfio_device_ops port_own_ops = { .mmap = port_mmap_own };

/* So has the core of graphics. */
static int port_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct port *port = obj->driver_private;

	return remap_pfn_range(vma, vma->vm_start, port->pfn, vma->vm_end - vma->vm_start,
			       vma->vm_page_prot);
}

static const struct drm_gem_object_funcs port_gem_funcs = { .mmap = port_gem_mmap };
