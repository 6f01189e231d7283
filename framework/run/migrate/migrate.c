// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of a migration, and the arcs between them.
 *
 * A state is how far the device has stopped, and which file it has open: an arc changes one of the
 * two by one step, and leaves or opens the file that goes with it. Every longer way is made of
 * arcs, so that each kind of stop has one place.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "compat/migration.h"
#include "run/access/gaps.h"
#include "run/access/reg_bits.h"
#include "run/access/rings.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/tracepoints.h"
#include "run/instance/vendor_checks.h"
#include "run/pause.h"
#include "run/power.h"
#include "run/virtio/save.h"
#include "file.h"
#include "migrate.h"

static_assert((int)MDK_MIG_ERROR == (int)VFIO_DEVICE_STATE_ERROR);
static_assert((int)MDK_MIG_STOP == (int)VFIO_DEVICE_STATE_STOP);
static_assert((int)MDK_MIG_RUNNING == (int)VFIO_DEVICE_STATE_RUNNING);
static_assert((int)MDK_MIG_STOP_COPY == (int)VFIO_DEVICE_STATE_STOP_COPY);
static_assert((int)MDK_MIG_RESUMING == (int)VFIO_DEVICE_STATE_RESUMING);
static_assert((int)MDK_MIG_RUNNING_P2P == (int)VFIO_DEVICE_STATE_RUNNING_P2P);

/* How long rings wait for memory that is being unmapped. */
#define MDK_REVIVE_MS 5

/* How far it runs. */
enum mdk_mig_level {
	MDK_LEVEL_HALTED,
	MDK_LEVEL_STILL,
	MDK_LEVEL_RUNS,
};

enum mdk_mig_use {
	MDK_FILE_NONE,
	MDK_FILE_HEAD,
	MDK_FILE_SAVE,
	MDK_FILE_LOAD,
};

static const struct mdk_mig_row {
	u8 level;
	u8 use;
	const char *name;
} mdk_mig_rows[MDK_NR_MIG_STATES] = {
	[MDK_MIG_ERROR] = { MDK_LEVEL_HALTED, MDK_FILE_NONE, "error" },
	[MDK_MIG_STOP] = { MDK_LEVEL_HALTED, MDK_FILE_NONE, "stop" },
	[MDK_MIG_RUNNING] = { MDK_LEVEL_RUNS, MDK_FILE_NONE, "running" },
	[MDK_MIG_STOP_COPY] = { MDK_LEVEL_HALTED, MDK_FILE_SAVE, "stop-copy" },
	[MDK_MIG_RESUMING] = { MDK_LEVEL_HALTED, MDK_FILE_LOAD, "resuming" },
	[MDK_MIG_RUNNING_P2P] = { MDK_LEVEL_STILL, MDK_FILE_NONE, "running-p2p" },
	[MDK_MIG_PRE_COPY] = { MDK_LEVEL_RUNS, MDK_FILE_HEAD, "pre-copy" },
	[MDK_MIG_PRE_COPY_P2P] = { MDK_LEVEL_STILL, MDK_FILE_HEAD, "pre-copy-p2p" },
};

/* The state of a level with that file open: what copies begins to before it has stopped. */
static u32 mdk_mig_state_of(u8 level, u8 use)
{
	static const u8 plain[] = { MDK_MIG_STOP, MDK_MIG_RUNNING_P2P, MDK_MIG_RUNNING };
	static const u8 copies[] = { MDK_MIG_STOP_COPY, MDK_MIG_PRE_COPY_P2P, MDK_MIG_PRE_COPY };

	return use == MDK_FILE_NONE ? plain[level] : copies[level];
}

static bool mdk_mig_saves(u8 use)
{
	return use == MDK_FILE_HEAD || use == MDK_FILE_SAVE;
}

/*
 * The next state on the way: a file that the target does not have is left first, one that it has is
 * opened last.
 */
static u32 mdk_mig_next(u32 from, u32 to)
{
	const struct mdk_mig_row *now = &mdk_mig_rows[from], *then = &mdk_mig_rows[to];
	bool keeps = now->use == MDK_FILE_HEAD && mdk_mig_saves(then->use);
	u8 level = now->level;

	if (now->use != MDK_FILE_NONE && !keeps)
		return mdk_mig_state_of(level, MDK_FILE_NONE);
	if (level == then->level)
		return to;
	level += level < then->level ? 1 : -1;
	return mdk_mig_state_of(level, keeps ? MDK_FILE_HEAD : MDK_FILE_NONE);
}

/* What was read to its end cannot be begun again: its reader would miss what has changed since. */
static bool mdk_mig_legal(u32 from, u32 to)
{
	if (from == MDK_MIG_ERROR || to == MDK_MIG_ERROR || to >= MDK_NR_MIG_STATES)
		return false;
	return from != MDK_MIG_STOP_COPY || mdk_mig_rows[to].use != MDK_FILE_HEAD;
}

/* Files */

static void mdk_mig_leave_file(struct mdk_migration *mig)
{
	if (!mig->file)
		return;
	mdk_mig_file_end(mig->file);
	fput(mig->file);
	mig->file = NULL;
	mig->opened = false;
}

static void mdk_mig_note_writes(struct mdk_inst *inst, bool loading)
{
	struct mdk_migration *mig = inst->migration;

	mdk_inst_lock(inst);
	mig->loading = loading;
	memset(mig->written, 0, inst->plan->config->size);
	mdk_inst_unlock(inst);
}

static int mdk_mig_fill_head(struct mdk_inst *inst, struct file *file)
{
	struct mdk_mig_bytes *bytes = mdk_mig_bytes_alloc(MDK_STREAM_HEAD_RECORD);
	struct mdk_stream_out out = { .size = MDK_STREAM_HEAD_RECORD };
	struct mdk_stream_head head;

	if (!bytes)
		return -ENOMEM;
	out.bytes = mdk_mig_bytes_at(bytes);
	mdk_migration_head(inst, &head);
	mdk_stream_put_head(&out, &head);
	mdk_mig_file_fill(file, bytes, out.at, true);
	return 0;
}

/* All of the stream, whose beginning may have been read already. */
static int mdk_mig_fill(struct mdk_inst *inst, struct file *file)
{
	struct mdk_stream_out out = {};
	struct mdk_mig_bytes *bytes;
	int ret = mdk_migration_regs_good(inst) ?: mdk_migration_size(inst, &out.size);

	if (ret)
		return ret;
	bytes = mdk_mig_bytes_alloc(out.size);
	if (!bytes)
		return -ENOMEM;
	out.bytes = mdk_mig_bytes_at(bytes);
	ret = mdk_migration_save(inst, &out);
	if (ret)
		mdk_mig_bytes_put(bytes);
	else
		mdk_mig_file_fill(file, bytes, out.at, false);
	return ret;
}

/* A driver of this version has as much; an older one's stream is not longer than that. */
#define MDK_MIG_SLACK 4096

static struct file *mdk_mig_open_file(struct mdk_inst *inst, u8 use)
{
	struct mdk_stream_head own;

	if (use != MDK_FILE_LOAD)
		return mdk_mig_file_to_read();
	mdk_migration_head(inst, &own);
	return mdk_mig_file_to_write(mdk_migration_most(inst) + MDK_MIG_SLACK, &own);
}

/* Opens the file of a state, if it has none, and fills what is read. */
static int mdk_mig_enter(struct mdk_inst *inst, u8 use)
{
	struct mdk_migration *mig = inst->migration;
	struct file *file;
	int ret = 0;

	if (!mig->file && use != MDK_FILE_NONE) {
		file = mdk_mig_open_file(inst, use);
		if (IS_ERR(file))
			return PTR_ERR(file);
		mig->file = file;
		mig->opened = true;
	}
	if (use == MDK_FILE_HEAD)
		ret = mdk_mig_fill_head(inst, mig->file);
	else if (use == MDK_FILE_SAVE)
		ret = mdk_mig_fill(inst, mig->file);
	else if (use == MDK_FILE_LOAD)
		mdk_mig_note_writes(inst, true);
	if (ret)
		mdk_mig_leave_file(mig);
	return ret;
}

/* What was written goes into the device, or nothing of it. */
static int mdk_mig_commit(struct mdk_inst *inst)
{
	struct mdk_mig_bytes *bytes;
	u64 len;
	int ret = mdk_mig_file_written(inst->migration->file, &bytes, &len);

	if (ret)
		return ret;
	/* Nothing is no whole stream either; who gives up resets the device. */
	ret = bytes ? mdk_migration_load(inst, mdk_mig_bytes_at(bytes), len) : -EINVAL;
	mdk_mig_bytes_put(bytes);
	if (!ret)
		mdk_mig_note_writes(inst, false);
	return ret;
}

/* Arcs */

static int mdk_mig_sink(struct mdk_inst *inst, u8 level)
{
	int ret;

	if (level == MDK_LEVEL_RUNS)
		return mdk_inst_still(inst);
	ret = mdk_inst_halt(inst);
	/* What a peer has raised meanwhile is not left to a timer. */
	if (!ret)
		mdk_gaps_hurry(inst);
	return ret;
}

static int mdk_mig_rise(struct mdk_inst *inst, u8 level)
{
	if (level == MDK_LEVEL_HALTED)
		return mdk_inst_unhalt(inst);
	mdk_inst_unstill(inst);
	return 0;
}

/* Whoever has stopped cannot be left so, if its file could not be made. */
static int mdk_mig_sink_with_file(struct mdk_inst *inst, const struct mdk_mig_row *now, u8 use)
{
	int ret = mdk_mig_sink(inst, now->level);

	if (ret || now->use == use)
		return ret;
	ret = mdk_mig_enter(inst, use);
	if (ret)
		mdk_mig_rise(inst, now->level - 1);
	return ret;
}

static int mdk_mig_arc(struct mdk_inst *inst, u32 from, u32 to)
{
	const struct mdk_mig_row *now = &mdk_mig_rows[from], *then = &mdk_mig_rows[to];
	int ret = 0;

	if (now->use == MDK_FILE_LOAD)
		ret = mdk_mig_commit(inst);
	if (ret)
		return ret;
	if (then->use == MDK_FILE_NONE)
		mdk_mig_leave_file(inst->migration);
	if (then->level < now->level)
		return mdk_mig_sink_with_file(inst, now, then->use);
	if (then->level > now->level)
		return mdk_mig_rise(inst, now->level);
	return mdk_mig_enter(inst, then->use);
}

static void mdk_mig_reached(struct mdk_inst *inst, u32 state)
{
	inst->migration->state = state;
	trace_mdk_state(inst->name, mdk_mig_rows[state].name);
}

static int mdk_mig_go(struct mdk_inst *inst, u32 to)
{
	u32 state, next;
	int ret;

	for (state = inst->migration->state; state != to; state = next) {
		next = mdk_mig_next(state, to);
		ret = mdk_mig_arc(inst, state, next);
		if (ret)
			return ret;
		mdk_mig_reached(inst, next);
	}
	return 0;
}

/* Calls of layer 1 */

/* Return: the file, if this call has opened it, with a reference for the caller. */
static struct file *mdk_mig_set_locked(struct mdk_inst *inst, u32 state)
{
	struct mdk_migration *mig = inst->migration;
	int ret;

	if (!mdk_mig_legal(mig->state, state))
		return ERR_PTR(-EINVAL);
	mig->opened = false;
	ret = mdk_mig_go(inst, state);
	if (ret)
		return ERR_PTR(ret);
	return mig->opened ? get_file(mig->file) : NULL;
}

static struct file *mdk_mig_set_state(struct mdev_device *mdev, u32 state)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	struct file *file;

	if (mutex_lock_killable(&inst->migration->lock))
		return ERR_PTR(-EINTR);
	file = mdk_mig_set_locked(inst, state);
	mutex_unlock(&inst->migration->lock);
	return file;
}

static int mdk_mig_get_state(struct mdev_device *mdev, u32 *state)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);

	*state = READ_ONCE(inst->migration->state);
	return 0;
}

static int mdk_mig_get_size(struct mdev_device *mdev, unsigned long *size)
{
	*size = mdk_migration_most(mdev_get_drvdata(mdev));
	return 0;
}

const struct mdev_migration_ops mdk_migration_ops = {
	.flags = MDK_MIGRATION_FLAGS,
	.set_state = mdk_mig_set_state,
	.get_state = mdk_mig_get_state,
	.get_data_size = mdk_mig_get_size,
};

/* Life */

int mdk_migration_alloc(struct mdk_inst *inst)
{
	struct mdk_migration *mig;

	if (!inst->plan->host->model.save_version)
		return 0;
	mig = kvzalloc(sizeof(*mig) + inst->plan->config->size, GFP_KERNEL);
	if (!mig)
		return -ENOMEM;
	mutex_init(&mig->lock);
	mig->state = MDK_MIG_RUNNING;
	inst->migration = mig;
	return 0;
}

void mdk_migration_free(struct mdk_inst *inst)
{
	if (!inst->migration)
		return;
	mutex_destroy(&inst->migration->lock);
	kvfree(inst->migration);
}

/* Rings and queues that have come; once more where memory is being unmapped, or is short. */
static void mdk_migration_revive(struct mdk_dev *dev, void *data)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	bool again;

	mdk_lock(dev);
	again = !READ_ONCE(inst->fenced) && mdk_rings_revive(inst);
	if (!READ_ONCE(inst->fenced))
		mdk_virtio_revive(inst->virtio);
	mdk_unlock(dev);
	if (again)
		mdk_work_queue(inst->migration->reviver, MDK_REVIVE_MS);
}

int mdk_migration_init(struct mdk_inst *inst)
{
	if (!inst->migration)
		return 0;
	inst->migration->reviver = mdk_works_add(inst, mdk_migration_revive, NULL);
	return inst->migration->reviver ? 0 : -ENOMEM;
}

void mdk_migration_wake(struct mdk_inst *inst)
{
	if (inst->migration && inst->migration->reviver)
		mdk_work_queue(inst->migration->reviver, 0);
}

/* What a reset has put off until the hardware is back comes with it. */
static void mdk_mig_end(struct mdk_inst *inst)
{
	struct mdk_migration *mig = inst->migration;
	u8 level = mdk_mig_rows[mig->state].level;

	if (mig->state == MDK_MIG_RUNNING)
		return;
	mdk_mig_leave_file(mig);
	mdk_mig_note_writes(inst, false);
	if (level == MDK_LEVEL_HALTED)
		mdk_inst_unhalt(inst);
	if (level != MDK_LEVEL_RUNS)
		mdk_inst_unstill(inst);
	mdk_mig_reached(inst, MDK_MIG_RUNNING);
}

void mdk_migration_reset(struct mdk_inst *inst)
{
	if (!inst->migration) {
		mdk_inst_reset(inst, false);
		return;
	}
	mutex_lock(&inst->migration->lock);
	mdk_inst_reset(inst, false);
	mdk_mig_end(inst);
	mutex_unlock(&inst->migration->lock);
}

void mdk_migration_close(struct mdk_inst *inst)
{
	if (!inst->migration)
		return;
	mutex_lock(&inst->migration->lock);
	mdk_mig_end(inst);
	mutex_unlock(&inst->migration->lock);
}
