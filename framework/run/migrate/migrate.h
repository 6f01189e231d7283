/* SPDX-License-Identifier: GPL-2.0-only */
/* Live migration of an instance: see mdk/save.h. */
#ifndef MDK_MIGRATE_H
#define MDK_MIGRATE_H

#include <linux/mutex.h>

#include <mdev_sdk/mdev.h>

#include "model/stream.h"

struct file;
struct mdk_inst;
struct mdk_work;

/* States, as VFIO numbers them; a kernel's header may lack the last two. */
enum mdk_mig_state {
	MDK_MIG_ERROR,
	MDK_MIG_STOP,
	MDK_MIG_RUNNING,
	MDK_MIG_STOP_COPY,
	MDK_MIG_RESUMING,
	MDK_MIG_RUNNING_P2P,
	MDK_MIG_PRE_COPY,
	MDK_MIG_PRE_COPY_P2P,
	MDK_NR_MIG_STATES,
};

/**
 * struct mdk_migration - of an instance that can be migrated
 * @lock: outside of all other locks of the instance, and of gone_lock; held across a change of the
 *	state and across a reset by the user
 * @state: of enum mdk_mig_state; under @lock
 * @reviver: a worker of the run time: rings and queues that have come get their memory, as soon
 *	as the device runs; constant after init
 * @file: of the state, a reference; NULL: it has none; under @lock
 * @opened: by the change of state under way; under @lock
 * @loading: what is written to configuration space is noted; under mdk_inst.callbacks
 * @written: the bits that were, by word: a stream must not undo them; likewise
 */
struct mdk_migration {
	struct mutex lock;
	u32 state;
	struct mdk_work *reviver;
	struct file *file;
	bool opened;
	bool loading;
	u32 written[];
};

extern const struct mdev_migration_ops mdk_migration_ops;

/* Return: 0 or -ENOMEM; nothing is made for a model without .save_version. */
int mdk_migration_alloc(struct mdk_inst *inst);
/* Before ops.init. Return: likewise. */
int mdk_migration_init(struct mdk_inst *inst);
void mdk_migration_free(struct mdk_inst *inst);

/* VFIO_DEVICE_RESET: in whatever state, it runs afterwards. */
void mdk_migration_reset(struct mdk_inst *inst);
/* The last close, after its reset. */
void mdk_migration_close(struct mdk_inst *inst);

/* Rings and queues that wait for it are looked at: the device was switched on. Any context. */
void mdk_migration_wake(struct mdk_inst *inst);

/* still.c: no DMA begins and no worker runs, while accesses are answered; and the end of that. */
int mdk_inst_still(struct mdk_inst *inst);
void mdk_inst_unstill(struct mdk_inst *inst);

/* head.c: what this device is. */
void mdk_migration_head(const struct mdk_inst *inst, struct mdk_stream_head *head);
/* Return: 0, or -EINVAL with a message: a stream with this head is of another device. */
int mdk_migration_head_fits(const struct mdk_stream_head *own, const struct mdk_stream_head *head);

/* save.c: the most bytes that a stream of it has. */
u64 mdk_migration_most(struct mdk_inst *inst);
/*
 * The device is halted: what its stream has now, and the stream, in as many bytes. Return: 0, or
 * what a blob has said (sections.h); -EAGAIN: one has changed in between.
 */
int mdk_migration_size(struct mdk_inst *inst, u64 *size);
int mdk_migration_save(struct mdk_inst *inst, struct mdk_stream_out *out);

/*
 * load.c: the device is halted. Return: 0, and all of it is in the device; or -EINVAL, -ENOMEM or
 * what ops.post_load or a blob has said, with a message, and nothing is.
 */
int mdk_migration_load(struct mdk_inst *inst, const u8 *bytes, u64 len);

#endif /* MDK_MIGRATE_H */
