// SPDX-License-Identifier: GPL-2.0-only
/* Pins that are misread, and pins that are lost. */
#include <linux/iommu.h>
#include <linux/vfio.h>

#define PORT_PAGES 4

struct port {
	struct vfio_device vdev;
	struct page *pages[PORT_PAGES];
	void *ring;
};

static int port_pin(struct port *port, dma_addr_t iova)
{
	int ret;

	ret = vfio_pin_pages(&port->vdev, iova, PORT_PAGES, IOMMU_READ, port->pages); /* finds: mdev-pin-unwind */
	if (ret)
		return ret;
	return 0;
}

static bool port_pinned(struct port *port, dma_addr_t iova)
{
	if (vfio_pin_pages(&port->vdev, iova, 1, IOMMU_WRITE, port->pages)) /* finds: mdev-pin-unwind */
		return false;
	return true;
}

static int port_start(struct port *port, dma_addr_t iova, u32 mode)
{
	int ret;

	ret = vfio_pin_pages(&port->vdev, iova, PORT_PAGES, IOMMU_READ, port->pages);
	if (ret != PORT_PAGES) {
		ret = -EFAULT;
		goto fail;
	}
	if (mode > 3)
		return -EINVAL; /* finds: mdev-pin-unwind */
	return 0;
fail:
	return ret;
}

static void port_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_unpin_pages(vdev, iova, PORT_PAGES);
}

static const struct vfio_device_ops port_ops = { .dma_unmap = port_dma_unmap };
