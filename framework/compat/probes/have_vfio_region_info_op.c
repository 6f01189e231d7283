// SPDX-License-Identifier: GPL-2.0-only
/* VFIO_DEVICE_GET_REGION_INFO: from the ioctl op to the VFIO core with an op of its own. */
#include <linux/vfio.h>

#if PROBE_FORM == 1
static int info(struct vfio_device *vdev, struct vfio_region_info *info, struct vfio_info_cap *caps)
{
	return 0;
}

const struct vfio_device_ops mdk_probe = { .get_region_info_caps = info };
#else
/* The member is absent, so a struct with the ops embedded anonymously may add it. */
struct mdk_probe {
	struct vfio_device_ops;
	int get_region_info_caps;
};
struct mdk_probe mdk_probe;
#endif
