/* SPDX-License-Identifier: GPL-2.0-only */
/* What every shell asks before it calls a driver's mdev_migration_ops. */
#ifndef MDK_MDEV_MIGRATION_H
#define MDK_MDEV_MIGRATION_H

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/nospec.h>
#include <linux/sizes.h>
#include <asm/page.h>

#include "../compat/migration.h"

struct file;

/**
 * mdk_mdev_migration_may() - may a user ask for a state?
 * @flags: what the device offers him, VFIO_MIGRATION_*
 * @state: as he gave it
 *
 * Context: any. Return: it is a state, one that such a device has, and none that it only falls
 * into.
 */
static inline bool mdk_mdev_migration_may(u64 flags, u32 state)
{
	static const u8 needs[] = {
		[VFIO_DEVICE_STATE_STOP] = VFIO_MIGRATION_STOP_COPY,
		[VFIO_DEVICE_STATE_RUNNING] = VFIO_MIGRATION_STOP_COPY,
		[VFIO_DEVICE_STATE_STOP_COPY] = VFIO_MIGRATION_STOP_COPY,
		[VFIO_DEVICE_STATE_RESUMING] = VFIO_MIGRATION_STOP_COPY,
		[VFIO_DEVICE_STATE_RUNNING_P2P] = VFIO_MIGRATION_P2P,
		[VFIO_DEVICE_STATE_PRE_COPY] = VFIO_MIGRATION_PRE_COPY,
		[VFIO_DEVICE_STATE_PRE_COPY_P2P] = VFIO_MIGRATION_P2P | VFIO_MIGRATION_PRE_COPY,
	};
	u8 need = 0;

	if (state < ARRAY_SIZE(needs))
		need = needs[array_index_nospec(state, ARRAY_SIZE(needs))];
	return need && !(need & ~flags);
}

/**
 * mdk_mdev_migration_errno() - what .set_state returned, if that is no file
 * @file: what it returned
 *
 * Neither the first page nor the last few have a struct file: what looks so is a number that a
 * driver has made a pointer. Context: any. Return: that number, 0 for NULL and for a file.
 */
static inline int mdk_mdev_migration_errno(const struct file *file)
{
	long number = (long)file;

	return number > -(long)SZ_64K && number < (long)PAGE_SIZE ? number : 0;
}

#endif /* MDK_MDEV_MIGRATION_H */
