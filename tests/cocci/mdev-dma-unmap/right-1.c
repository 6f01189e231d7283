// SPDX-License-Identifier: GPL-2.0-only
/* Unpins when it is told to. */
#include <linux/iommu.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct page *page;
	dma_addr_t iova;
};

static int port_open(struct vfio_device *vdev)
{
	struct port *port = container_of(vdev, struct port, vdev);
	int ret = vfio_pin_pages(vdev, port->iova, 1, IOMMU_READ, &port->page);

	return ret == 1 ? 0 : -EFAULT;
}

static void port_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct port *port = container_of(vdev, struct port, vdev);

	if (port->iova - iova < length)
		vfio_unpin_pages(vdev, port->iova, 1);
}

static const struct vfio_device_ops port_ops = {
	.name = "port",
	.open_device = port_open,
	.dma_unmap = port_dma_unmap,
};

static const struct vfio_device_ops port_other_ops = {
	.dma_unmap = port_dma_unmap,
};
