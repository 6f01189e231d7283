// SPDX-License-Identifier: GPL-2.0-only
/* vfio_free_device(): first called by the driver's release op, later by VFIO itself. */
#include <linux/vfio.h>

#if PROBE_FORM == 1
void mdk_probe(struct vfio_device *vdev);
void mdk_probe(struct vfio_device *vdev)
{
	vfio_free_device(vdev);
}
#else
/* The name is free: nothing declares it. */
struct mdk_other;
int vfio_free_device(struct mdk_other *other);
#endif
