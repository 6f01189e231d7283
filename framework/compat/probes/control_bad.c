// SPDX-License-Identifier: GPL-2.0-only
/* Control: must not compile in either form, or the compiler is not looking. */
#include <linux/vfio.h>

int mdk_probe(struct vfio_device *vdev);
int mdk_probe(struct vfio_device *vdev)
{
	return vdev->no_kernel_ever_had_this_member;
}
