/* SPDX-License-Identifier: GPL-2.0-only */
/* Eventfds, and what a driver has of VFIO besides its numbers. */
#ifndef USER_VFIO_H
#define USER_VFIO_H

#include <user/driver.h>
#include_next <linux/vfio.h>

#define IOMMU_READ 1
#define IOMMU_WRITE 2
#define VFIO_PIN_PAGES_MAX_ENTRIES (PAGE_SIZE / sizeof(unsigned long))

struct eventfd_ctx;
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
void eventfd_ctx_put(struct eventfd_ctx *ctx);
void eventfd_signal(struct eventfd_ctx *ctx);
bool eventfd_signal_allowed(void);

struct virqfd;
int vfio_virqfd_enable(void *opaque, int (*handler)(void *opaque, void *data),
		       void (*thread)(void *opaque, void *data), void *data,
		       struct virqfd **virqfd, int fd);
void vfio_virqfd_disable(struct virqfd **virqfd);

struct vfio_info_cap {
	struct vfio_info_cap_header *buf;
	size_t size;
};
struct vfio_info_cap_header *vfio_info_cap_add(struct vfio_info_cap *caps, size_t size, u16 id,
					       u16 version);
int vfio_info_add_capability(struct vfio_info_cap *caps, struct vfio_info_cap_header *cap,
			     size_t size);
void vfio_info_cap_shift(struct vfio_info_cap *caps, size_t offset);
int vfio_set_irqs_validate_and_prepare(struct vfio_irq_set *hdr, int num_irqs, int max_irq_type,
				       size_t *data_size);

#endif /* USER_VFIO_H */
