/* SPDX-License-Identifier: GPL-2.0-only */
/* The VFIO client: container, TYPE1v2, group, device. */
#ifndef CONFORM_VFIO_H
#define CONFORM_VFIO_H

#include <linux/vfio.h>
#include <stdbool.h>

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

/* 0 or -errno; @step, if not NULL, is set to the step that failed. */
int vfio_open(struct vfio *v, int group_nr, const char *name, const char **step);
/* Only the group and its container: no device is open then. */
int vfio_open_group(struct vfio *v, int group_nr, const char **step);
/* A (further) device fd through an open group: fd or -errno. */
int vfio_get_device(const struct vfio *v, const char *name);
void vfio_close(struct vfio *v);

/*
 * Bus mastering, as QEMU's guests and DPDK switch it on: bit 2 of the command register. vfio_open()
 * has done so; a reset switches it off. A device without configuration space is left alone.
 */
int vfio_bus_master(int fd, bool on);

/* ioctl() that returns -errno. */
int vfio_ioctl(int fd, unsigned long cmd, void *arg);
int vfio_device_info(int fd, struct vfio_device_info *info);
int vfio_region_info(int fd, unsigned int index, struct vfio_region_info *info);
int vfio_irq_info(int fd, unsigned int index, struct vfio_irq_info *info);

#endif
