// SPDX-License-Identifier: GPL-2.0-only
/* The VFIO client: container, TYPE1v2, group, device. */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vfio.h"

int vfio_ioctl(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

int vfio_open_group(struct vfio *v, int group_nr, const char **step)
{
	const char *unused;
	char path[64];

	if (!step)
		step = &unused;
	*v = (struct vfio)VFIO_CLOSED;
	*step = "open of /dev/vfio/vfio";
	v->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (v->container < 0)
		return -errno;
	snprintf(path, sizeof(path), "/dev/vfio/%d", group_nr);
	*step = "open of the group's node in /dev/vfio";
	v->group = open(path, O_RDWR | O_CLOEXEC);
	if (v->group < 0)
		return -errno;
	*step = "VFIO_GROUP_SET_CONTAINER";
	if (ioctl(v->group, VFIO_GROUP_SET_CONTAINER, &v->container) < 0)
		return -errno;
	*step = "VFIO_SET_IOMMU with VFIO_TYPE1v2_IOMMU";
	if (ioctl(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return -errno;
	return 0;
}

int vfio_get_device(const struct vfio *v, const char *name)
{
	return vfio_ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, (void *)name);
}

int vfio_open(struct vfio *v, int group_nr, const char *name, const char **step)
{
	int ret = vfio_open_group(v, group_nr, step);

	if (!ret) {
		if (step)
			*step = "VFIO_GROUP_GET_DEVICE_FD";
		v->device = vfio_get_device(v, name);
		ret = v->device < 0 ? v->device : 0;
	}
	/* One that refuses is judged by the tests of its configuration space. */
	if (!ret)
		vfio_bus_master(v->device, true);
	if (ret)
		vfio_close(v);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void vfio_close(struct vfio *v)
{
	close_fd(&v->device);
	close_fd(&v->group);
	close_fd(&v->container);
}

int vfio_device_info(int fd, struct vfio_device_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = DEVICE_INFO_MINSZ;
	return vfio_ioctl(fd, VFIO_DEVICE_GET_INFO, info);
}

int vfio_region_info(int fd, unsigned int index, struct vfio_region_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = REGION_INFO_MINSZ;
	info->index = index;
	return vfio_ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, info);
}

int vfio_irq_info(int fd, unsigned int index, struct vfio_irq_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = IRQ_INFO_MINSZ;
	info->index = index;
	return vfio_ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, info);
}

int vfio_bus_master(int fd, bool on)
{
	struct vfio_region_info info;
	uint16_t command, bit = PCI_COMMAND_MASTER;

	if (vfio_region_info(fd, VFIO_PCI_CONFIG_REGION_INDEX, &info) ||
	    info.size < PCI_COMMAND + sizeof(command))
		return 0;
	if (pread(fd, &command, sizeof(command), info.offset + PCI_COMMAND) != sizeof(command))
		return -EIO;
	command = on ? command | bit : command & ~bit;
	if (pwrite(fd, &command, sizeof(command), info.offset + PCI_COMMAND) != sizeof(command))
		return -EIO;
	return 0;
}
