// SPDX-License-Identifier: GPL-2.0-only
/* The number is compared, and an error gives the pages back. */
#include <linux/iommu.h>
#include <linux/vfio.h>

#define PORT_PAGES 4

struct port {
	struct vfio_device vdev;
	struct page *pages[PORT_PAGES];
};

static void port_unpin(struct port *port, dma_addr_t iova)
{
	vfio_unpin_pages(&port->vdev, iova, PORT_PAGES);
}

static int port_pin(struct port *port, dma_addr_t iova)
{
	int ret;

	ret = vfio_pin_pages(&port->vdev, iova, PORT_PAGES, IOMMU_READ, port->pages);
	if (ret == PORT_PAGES)
		return 0;
	if (ret > 0)
		vfio_unpin_pages(&port->vdev, iova, ret);
	return ret < 0 ? ret : -EFAULT;
}

static int port_start(struct port *port, dma_addr_t iova, u32 mode)
{
	int ret;

	ret = vfio_pin_pages(&port->vdev, iova, PORT_PAGES, IOMMU_READ, port->pages);
	if (ret != PORT_PAGES)
		return -EFAULT;
	if (mode > 3) {
		port_unpin(port, iova);
		return -EINVAL;
	}
	return 0;
}

static int port_start_late(struct port *port, dma_addr_t iova, u32 mode)
{
	int ret;

	ret = vfio_pin_pages(&port->vdev, iova, 1, IOMMU_READ, port->pages);
	if (ret < 1)
		return ret ? ret : -EFAULT;
	if (mode > 3) {
		ret = -EINVAL;
		goto unpin;
	}
	return 0;
unpin:
	vfio_unpin_pages(&port->vdev, iova, 1);
	return ret;
}

static void port_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	port_unpin(container_of(vdev, struct port, vdev), iova);
}

static const struct vfio_device_ops port_ops = { .dma_unmap = port_dma_unmap };
