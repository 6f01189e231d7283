/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer to VFIO's dma_unmap callback. */
#ifndef MDK_VFIO_MDEV_UNMAP_H
#define MDK_VFIO_MDEV_UNMAP_H

#include <linux/types.h>

struct vfio_device;

void mdv_bridge_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

#endif /* MDK_VFIO_MDEV_UNMAP_H */
