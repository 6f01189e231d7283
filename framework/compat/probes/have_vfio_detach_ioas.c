// SPDX-License-Identifier: GPL-2.0-only
/* The four ops of emulated iommufd access came with iommufd, detach_ioas last. */
#include <linux/vfio.h>

#if PROBE_FORM == 1
const struct vfio_device_ops mdk_probe = {
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
#else
struct mdk_probe {
	struct vfio_device_ops;
	int detach_ioas;
};
struct mdk_probe mdk_probe;
#endif
