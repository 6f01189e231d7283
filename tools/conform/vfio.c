// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The VFIO client, and the kernel's side of it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfio.h"

static int kernel_ioctl(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

static int kernel_open_group(struct vfio *v, int group_nr, const char **step)
{
	bool joins = v->container >= 0;
	char path[64];

	*step = "open of /dev/vfio/vfio";
	if (!joins)
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
	if (!joins && ioctl(v->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return -errno;
	return 0;
}

static int kernel_get_device(const struct vfio *v, const char *name)
{
	return kernel_ioctl(v->group, VFIO_GROUP_GET_DEVICE_FD, (void *)name);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void kernel_close(struct vfio *v)
{
	close_fd(&v->device);
	close_fd(&v->group);
	close_fd(&v->container);
}

static ssize_t kernel_read(int device, void *buf, size_t len, uint64_t pos)
{
	ssize_t ret = pread(device, buf, len, (off_t)pos);

	return ret < 0 ? -errno : ret;
}

static ssize_t kernel_write(int device, const void *buf, size_t len, uint64_t pos)
{
	ssize_t ret = pwrite(device, buf, len, (off_t)pos);

	return ret < 0 ? -errno : ret;
}

static void *kernel_map(int device, uint64_t pos, size_t len, int prot, int flags)
{
	void *map = mmap(NULL, len, prot, flags, device, (off_t)pos);

	return map == MAP_FAILED ? NULL : map;
}

static ssize_t kernel_session_read(int file, void *buf, size_t len)
{
	ssize_t ret = read(file, buf, len);

	return ret < 0 ? -errno : ret;
}

static ssize_t kernel_session_write(int file, const void *buf, size_t len)
{
	ssize_t ret = write(file, buf, len);

	return ret < 0 ? -errno : ret;
}

const struct vfio_transport vfio_kernel = {
	.open_group = kernel_open_group,
	.get_device = kernel_get_device,
	.close = kernel_close,
	.ioctl = kernel_ioctl,
	.read = kernel_read,
	.write = kernel_write,
	.map = kernel_map,
	.session_read = kernel_session_read,
	.session_write = kernel_session_write,
};

static const struct vfio_transport *transport = &vfio_kernel;

void vfio_use(const struct vfio_transport *by)
{
	transport = by;
}

int vfio_join_group(struct vfio *v, int group_nr, const char **step)
{
	const char *unused;

	return transport->open_group(v, group_nr, step ? step : &unused);
}

int vfio_open_group(struct vfio *v, int group_nr, const char **step)
{
	*v = (struct vfio)VFIO_CLOSED;
	return vfio_join_group(v, group_nr, step);
}

int vfio_get_device(const struct vfio *v, const char *name)
{
	return transport->get_device(v, name);
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
	if (ret)
		vfio_close(v);
	return ret;
}

void vfio_close(struct vfio *v)
{
	transport->close(v);
}

int vfio_ioctl(int fd, unsigned long cmd, void *arg)
{
	return transport->ioctl(fd, cmd, arg);
}

ssize_t vfio_read(int device, void *buf, size_t len, uint64_t pos)
{
	return transport->read(device, buf, len, pos);
}

ssize_t vfio_write(int device, const void *buf, size_t len, uint64_t pos)
{
	return transport->write(device, buf, len, pos);
}

void *vfio_map_region(int device, uint64_t pos, size_t len, int prot, int flags)
{
	return transport->map(device, pos, len, prot, flags);
}

ssize_t vfio_session_read(int file, void *buf, size_t len)
{
	return transport->session_read(file, buf, len);
}

ssize_t vfio_session_write(int file, const void *buf, size_t len)
{
	return transport->session_write(file, buf, len);
}

int vfio_map_dma(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot)
{
	struct vfio_iommu_type1_dma_map m = {
		.argsz = sizeof(m), .flags = prot, .vaddr = (uintptr_t)at, .iova = iova,
		.size = size,
	};

	return vfio_ioctl(v->container, VFIO_IOMMU_MAP_DMA, &m);
}

int64_t vfio_unmap_dma(const struct vfio *v, uint64_t iova, uint64_t size, uint32_t flags)
{
	struct vfio_iommu_type1_dma_unmap m = {
		.argsz = sizeof(m), .flags = flags, .iova = iova, .size = size,
	};
	int ret = vfio_ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &m);

	return ret ? ret : (int64_t)m.size;
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
	if (vfio_read(fd, &command, sizeof(command), info.offset + PCI_COMMAND) != sizeof(command))
		return -EIO;
	command = on ? command | bit : command & ~bit;
	if (vfio_write(fd, &command, sizeof(command), info.offset + PCI_COMMAND) != sizeof(command))
		return -EIO;
	return 0;
}

int vfio_listen(int fd, uint32_t index, uint32_t vector, int event)
{
	struct {
		struct vfio_irq_set set;
		int32_t event;
	} req = { .set = { .argsz = sizeof(req), .index = index, .start = vector, .count = 1,
			   .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER },
		  .event = event };

	return vfio_ioctl(fd, VFIO_DEVICE_SET_IRQS, &req);
}

int vfio_ignore(int fd, uint32_t index)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = index,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER };

	return vfio_ioctl(fd, VFIO_DEVICE_SET_IRQS, &set);
}

int vfio_unmask(int fd, uint32_t index)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set), .index = index, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK };

	return vfio_ioctl(fd, VFIO_DEVICE_SET_IRQS, &set);
}
