// SPDX-License-Identifier: GPL-2.0-only
/* Compared here, by a helper, by a mask, in the caller, or by the core that calls. */
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct area {
	u64 size;
	void *data;
};

struct port {
	struct vfio_device vdev;
	u32 io[64];
	struct area areas[4];
};

static ssize_t port_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int reg = *ppos >> 2;
	u32 value;

	if (count != sizeof(value) || *ppos >= sizeof(port->io))
		return -EINVAL;
	value = port->io[array_index_nospec(reg, 64)];
	return copy_to_user(buf, &value, sizeof(value)) ? -EFAULT : sizeof(value);
}

static bool port_has(const struct port *port, unsigned int reg)
{
	return reg < ARRAY_SIZE(port->io);
}

static ssize_t port_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);
	unsigned int reg = *ppos >> 2, low = (*ppos >> 2) & 63;
	u32 value;

	if (count != sizeof(value) || copy_from_user(&value, buf, sizeof(value)))
		return -EINVAL;
	if (!port_has(port, reg))
		return -EINVAL;
	reg = array_index_nospec(reg, 64);
	port->io[reg] = value;
	port->io[low] |= 1;
	return sizeof(value);
}

/* Its caller has compared. */
static ssize_t port_area(struct port *port, size_t count, loff_t pos)
{
	return port->areas[pos >> 40].data ? count : -ENODEV;
}

static ssize_t port_read_area(struct vfio_device *vdev, char __user *buf, size_t count,
			      loff_t *ppos)
{
	struct port *port = container_of(vdev, struct port, vdev);

	if (*ppos >> 40 >= ARRAY_SIZE(port->areas))
		return -EINVAL;
	return port_area(port, count, *ppos);
}

/* vfio-pci compares the index before it calls. */
static ssize_t port_region_rw(struct vfio_pci_core_device *core, char __user *buf, size_t count,
			      loff_t *ppos, bool write)
{
	unsigned int index = (*ppos >> 40) - VFIO_PCI_NUM_REGIONS;

	return core->region[array_index_nospec(index, 4)].data ? count : -ENODEV;
}

static int port_info(struct vfio_device *vdev, struct vfio_region_info *info,
		     struct vfio_info_cap *caps)
{
	struct port *port = container_of(vdev, struct port, vdev);

	switch (info->index) {
	case 0 ... 3:
		info->index = array_index_nospec(info->index, 4);
		info->size = port->areas[info->index].size;
		return 0;
	default:
		return -EINVAL;
	}
}

static const struct vfio_pci_regops port_regops = { .rw = port_region_rw };

static const struct vfio_device_ops port_ops = {
	.read = port_read,
	.write = port_write,
	.get_region_info_caps = port_info,
};

static const struct vfio_device_ops port_area_ops = { .read = port_read_area };
