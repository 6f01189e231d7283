/* SPDX-License-Identifier: GPL-2.0-only */
/* The twin of mdev/driver.h: the shell's devices, to those who see the core's. */
#ifndef MDK_MDEV_DRIVER_H
#define MDK_MDEV_DRIVER_H

#include "user/shell/shell.h"

static inline bool mdk_mdev_is_open(struct mdev_device *mdev)
{
	return READ_ONCE(to_user_device(mdev)->open);
}

#endif /* MDK_MDEV_DRIVER_H */
