/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the VFIO bridge: one emulated-group vfio_device for each mediated device.
 */
#ifndef MDK_VFIO_MDEV_BRIDGE_H
#define MDK_VFIO_MDEV_BRIDGE_H

#include <linux/vfio.h>

#include "../compat/compat.h"
#include "../mdev/driver.h"
#include "pins.h"

/**
 * struct mdv_bridge - the VFIO side of a mediated device
 * @vdev: first, as vfio_alloc_device() demands
 * @mdev: alive as long as the bridge is registered, and while a descriptor is open
 * @ops: of the parent
 * @touched: the user has accessed the device since open: pins may begin
 * @migration_lock: guards @opened
 * @opened: the vendor's open is over, and his release has not begun: his migration may be asked
 * @pins: see there
 */
struct mdv_bridge {
	struct vfio_device vdev;
	struct mdk_mdev *mdev;
	const struct mdev_parent_ops *ops;
	bool touched;
	struct mutex migration_lock;
	bool opened;
	struct mdv_pins pins;
};

static inline struct mdv_bridge *to_mdv_bridge(struct vfio_device *vdev)
{
	return container_of(vdev, struct mdv_bridge, vdev);
}

/* Before the first access VFIO may not have listed the device for dma_unmap calls yet. */
static inline void mdv_bridge_touch(struct mdv_bridge *b)
{
	if (unlikely(!READ_ONCE(b->touched))) {
		WRITE_ONCE(b->touched, true);
		mdv_pins_begin(&b->pins);
	}
}

struct mdv_bridge *mdv_bridge_of(struct mdev_device *mdev);

#endif /* MDK_VFIO_MDEV_BRIDGE_H */
