/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of VFIO's migration a kernel's own headers do not know yet, by the names that it has later:
 * code that serves it compiles everywhere. A kernel is told of it no more than it knows.
 *
 * These are macros of the uapi, so the headers say by themselves whether they have them.
 */
#ifndef MDK_COMPAT_MIGRATION_H
#define MDK_COMPAT_MIGRATION_H

#include <linux/types.h>
#include <linux/vfio.h>

/** Flags of VFIO_DEVICE_FEATURE_MIGRATION that an mdev_migration_ops may have */
#define MDK_MIGRATION_FLAGS                                                                        \
	(VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P | VFIO_MIGRATION_PRE_COPY)

/** Those of them that the kernel knows, and its users may see */
#ifdef VFIO_MIGRATION_PRE_COPY
#define MDK_MIGRATION_KNOWN MDK_MIGRATION_FLAGS
#else
#define MDK_MIGRATION_KNOWN (VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P)
#define VFIO_MIGRATION_PRE_COPY (1 << 2)
#define VFIO_DEVICE_STATE_PRE_COPY 6
#define VFIO_DEVICE_STATE_PRE_COPY_P2P 7
#define VFIO_MIG_GET_PRECOPY_INFO _IO(VFIO_TYPE, VFIO_BASE + 21)

struct vfio_precopy_info {
	__u32 argsz;
	__u32 flags;
	__aligned_u64 initial_bytes;
	__aligned_u64 dirty_bytes;
};
#endif

#ifndef VFIO_DEVICE_FEATURE_MIG_DATA_SIZE
#define VFIO_DEVICE_FEATURE_MIG_DATA_SIZE 9

struct vfio_device_feature_mig_data_size {
	__aligned_u64 stop_copy_length;
};
#endif

#endif /* MDK_COMPAT_MIGRATION_H */
