// SPDX-License-Identifier: GPL-2.0-only
/* VFIO_DEVICE_FEATURE_MIG_DATA_SIZE: from nowhere to the VFIO core with an op for it. */
#include <linux/vfio.h>

#if PROBE_FORM == 1
static int size(struct vfio_device *vdev, unsigned long *bytes)
{
	return 0;
}

const struct vfio_migration_ops mdk_probe = { .migration_get_data_size = size };
#else
/* The member is absent, so a struct with the ops embedded anonymously may add it. */
struct mdk_probe {
	struct vfio_migration_ops;
	int migration_get_data_size;
};
struct mdk_probe mdk_probe;
#endif
