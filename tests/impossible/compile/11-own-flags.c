// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows 11 and 15: the driver says whether it can be reset. Nobody asks it.
 */
/* compiler: no member named .flags */
#include "attempt.h"

const struct mdk_model attempt_own_flags = {
	.name = "attempt",
#ifdef ATTEMPT
	.flags = VFIO_DEVICE_FLAGS_PCI,
#endif
};
