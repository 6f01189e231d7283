// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 10: the driver hands the size of its own struct to the chain.
 */
/* compiler: too many arguments */
#include "attempt.h"

int attempt_own_argsz(struct vfio_info_cap *caps);

int attempt_own_argsz(struct vfio_info_cap *caps)
{
#ifdef ATTEMPT
	return mdk_caps_add_type(caps, 1, 1, sizeof(struct vfio_region_info));
#else
	return mdk_caps_add_type(caps, 1, 1);
#endif
}
