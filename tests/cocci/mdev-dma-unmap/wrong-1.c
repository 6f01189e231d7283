// SPDX-License-Identifier: GPL-2.0-only
/* Pins, and ops that do not hear of unmaps. */
#include <linux/iommu.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct page *page;
};

static int port_pin(struct port *port, dma_addr_t iova)
{
	int ret = vfio_pin_pages(&port->vdev, iova, 1, IOMMU_READ | IOMMU_WRITE, &port->page);

	return ret == 1 ? 0 : -EFAULT;
}

static int port_open(struct vfio_device *vdev)
{
	return port_pin(container_of(vdev, struct port, vdev), 0);
}

static void port_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length) /* finds: mdev-dma-unmap */
{
}

static const struct vfio_device_ops port_ops = { /* finds: mdev-dma-unmap */
	.name = "port",
	.open_device = port_open,
};

static const struct vfio_device_ops port_old_ops = { /* finds: mdev-dma-unmap */
	.open_device = port_open,
	.name = "port-old",
};

static const struct vfio_device_ops port_deaf_ops = {
	.name = "port-deaf",
	.open_device = port_open,
	.dma_unmap = port_dma_unmap,
};
