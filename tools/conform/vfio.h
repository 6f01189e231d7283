/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The VFIO client. What it says to a device goes through one table of functions: how it gets there,
 * by the kernel's container, group and device or by a socket, nobody else knows.
 */
#ifndef CONFORM_VFIO_H
#define CONFORM_VFIO_H

#include <linux/vfio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define VFIO_CLOSED	{ -1, -1, -1 }

/* Sizes up to the last member that every version of the uapi has. */
#define DEVICE_INFO_MINSZ	16
#define REGION_INFO_MINSZ	32
#define IRQ_INFO_MINSZ		16

struct vfio {
	int container;
	int group;
	int device;
};

/*
 * struct vfio_transport - how to speak to devices
 * @open_group: what memory is mapped for, in the container that is open already or in one of its
 *	own; @step is set to the step that failed
 * @get_device: a descriptor of the device; more than one may be open
 * @close: what is open of the three
 * @ioctl: of a device or of the container; each errno that these return is negative
 * @read: of bytes at a position, of which every region has its own
 * @write: likewise
 * @map: a part of a region that can be mapped; NULL and errno
 * @session_read: of the stream of a migration: bytes
 * @session_write: likewise
 */
struct vfio_transport {
	int (*open_group)(struct vfio *v, int group_nr, const char **step);
	int (*get_device)(const struct vfio *v, const char *name);
	void (*close)(struct vfio *v);
	int (*ioctl)(int fd, unsigned long cmd, void *arg);
	ssize_t (*read)(int device, void *buf, size_t len, uint64_t pos);
	ssize_t (*write)(int device, const void *buf, size_t len, uint64_t pos);
	void *(*map)(int device, uint64_t pos, size_t len, int prot, int flags);
	ssize_t (*session_read)(int file, void *buf, size_t len);
	ssize_t (*session_write)(int file, const void *buf, size_t len);
};

/* The kernel's: container, TYPE1v2, group, device. */
extern const struct vfio_transport vfio_kernel;
/* A socket of a server of vfio-user, which control.h finds. */
extern const struct vfio_transport vfio_user;

/* Before the first open; without it, it is the kernel's. */
void vfio_use(const struct vfio_transport *by);

/* 0 or -errno; @step, if not NULL, is set to the step that failed. */
int vfio_open(struct vfio *v, int group_nr, const char *name, const char **step);
/* Only the group and its container: no device is open then. */
int vfio_open_group(struct vfio *v, int group_nr, const char **step);
/* A further group of the container that is open in @v; what is mapped there is its too. */
int vfio_join_group(struct vfio *v, int group_nr, const char **step);
/* A (further) device fd through an open group: fd or -errno. */
int vfio_get_device(const struct vfio *v, const char *name);
void vfio_close(struct vfio *v);

/*
 * Bus mastering, as QEMU's guests and DPDK switch it on after an open: bit 2 of the command
 * register. A reset switches it off. A device without configuration space is left alone.
 */
int vfio_bus_master(int fd, bool on);

/* 0, what the call returns, or -errno. */
int vfio_ioctl(int fd, unsigned long cmd, void *arg);
/* Bytes or -errno, at a position: a region's offset and what is added to it. */
ssize_t vfio_read(int device, void *buf, size_t len, uint64_t pos);
ssize_t vfio_write(int device, const void *buf, size_t len, uint64_t pos);
/* NULL and errno. munmap() ends it. */
void *vfio_map_region(int device, uint64_t pos, size_t len, int prot, int flags);

/* Of a migration's file, client/migration.h: bytes or -errno. */
ssize_t vfio_session_read(int file, void *buf, size_t len);
ssize_t vfio_session_write(int file, const void *buf, size_t len);

/* Memory of this process at @iova, for DMA of devices of the container; 0 or -errno. */
int vfio_map_dma(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot);
/* Bytes unmapped or -errno. */
int64_t vfio_unmap_dma(const struct vfio *v, uint64_t iova, uint64_t size, uint32_t flags);

int vfio_device_info(int fd, struct vfio_device_info *info);
int vfio_region_info(int fd, unsigned int index, struct vfio_region_info *info);
int vfio_irq_info(int fd, unsigned int index, struct vfio_irq_info *info);

/* VFIO_DEVICE_SET_IRQS: an eventfd for one vector, -1 for none; 0 or -errno. */
int vfio_listen(int fd, uint32_t index, uint32_t vector, int event);
/* No eventfd for any vector of the index. */
int vfio_ignore(int fd, uint32_t index);
/* For a pin that the device masks with each delivery. */
int vfio_unmask(int fd, uint32_t index);

#endif
