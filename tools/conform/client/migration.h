/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Live migration of a device, version 2 of VFIO's protocol. States and features have numbers of
 * their own here: the suite is built with headers of the uapi that are older than some of them.
 *
 * A session is a file. Over vfio-user there is none; the device's own descriptor stands for it.
 */
#ifndef CONFORM_MIGRATION_H
#define CONFORM_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As enum vfio_device_mig_state. */
enum { MIG_ERROR, MIG_STOP, MIG_RUNNING, MIG_STOP_COPY, MIG_RESUMING, MIG_RUNNING_P2P, MIG_PRE_COPY,
       MIG_PRE_COPY_P2P, MIG_STATES };

/* As VFIO_MIGRATION_*. */
#define MIG_HAS_STOP_COPY	1u
#define MIG_HAS_P2P		2u
#define MIG_HAS_PRE_COPY	4u

/* As VFIO_DEVICE_FEATURE_*. */
#define MIG_FEATURE_FLAGS	1u
#define MIG_FEATURE_STATE	2u
#define MIG_FEATURE_SIZE	9u
#define MIG_GET			(1u << 16)
#define MIG_SET			(1u << 17)
#define MIG_PROBE		(1u << 18)
/* Bytes of a request for one of them, with its data. */
#define MIG_ARGSZ		16u

/* As struct vfio_precopy_info. */
struct mig_precopy {
	uint32_t argsz;
	uint32_t flags;
	uint64_t initial;
	uint64_t dirty;
};

/* VFIO_DEVICE_FEATURE as it is: @flags has feature and ways, @data 8 bytes. 0 or -errno. */
int mig_feature(int device, uint32_t argsz, uint32_t flags, void *data);

/* 0 or -errno each; -ENOTTY: there is no such feature. */
int mig_flags(int device, uint64_t *flags);
int mig_size(int device, uint64_t *size);
/* @file: what VFIO writes there; a file of nobody. */
int mig_get(int device, uint32_t *state, int *file);
/* @from: the state before. @file: of the session that begins, the caller's to close; -1: none. */
int mig_set(int device, uint32_t from, uint32_t to, int *file);

/* Of a session: bytes or -errno. */
ssize_t mig_read(int file, void *buf, size_t len);
ssize_t mig_write(int file, const void *buf, size_t len);
/* 0 or -errno. */
int mig_precopy(int file, struct mig_precopy *info);
void mig_close(int file);

/* A device with these flags has the state. */
bool mig_has(uint64_t flags, uint32_t state);
/* One of the states in which a saving session is open. */
bool mig_is_saving(uint32_t state);
/* The way from one to the other begins a session. */
bool mig_begins(uint32_t from, uint32_t to);
/* There is one. */
bool mig_may_go(uint64_t flags, uint32_t from, uint32_t to);
const char *mig_name(uint32_t state);

#endif
