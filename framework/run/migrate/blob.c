// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blobs of MDK_SAVES(): megabytes that the driver gives and takes by pieces. In a stream each is
 * one record, so that no piece can be missing, come twice or be out of its order, and its length
 * is known before the first of it is taken over.
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "model/save_row.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "run/instance/vendor_checks.h"
#include "sections.h"

static const struct mdk_save *mdk_blob_row(const struct mdk_inst *inst, u32 i)
{
	return mdk_desc_save(inst->plan->desc, i);
}

static u32 mdk_blob_nr(const struct mdk_inst *inst)
{
	return inst->plan->host->model.nr_saves;
}

static u64 mdk_blob_most(const struct mdk_inst *inst, u32 i)
{
	return mdk_blob_row(inst, i)->is_blob ? mdk_blob_row(inst, i)->max : 0;
}

static const char *mdk_blob_name(const struct mdk_inst *inst, u32 i)
{
	return mdk_blob_row(inst, i)->name;
}

static u32 mdk_blob_since(const struct mdk_inst *inst, u32 i)
{
	return mdk_blob_row(inst, i)->since;
}

static const char *mdk_blob_wrong(const struct mdk_inst *inst, u32 i,
				  const struct mdk_record *record)
{
	return record->len < mdk_blob_min(mdk_blob_row(inst, i)) ? "it is too short" : NULL;
}

/* Megabytes take their time: between two pieces it may turn out that nobody waits for the rest. */
static int mdk_blob_over(const struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	if (READ_ONCE(inst->gone))
		return -ENODEV;
	return fatal_signal_pending(current) ? -EINTR : 0;
}

static int mdk_blob_errno(int ret)
{
	return !ret || (ret < 0 && ret >= -MAX_ERRNO) ? ret : -EINVAL;
}

/* Saving */

static int mdk_blob_length(struct mdk_inst *inst, const struct mdk_save *row, u64 *len)
{
	struct mdk_call_state before;
	int ret;

	*len = row->max;
	if (!row->length)
		return 0;
	mdk_inst_lock(inst);
	ret = mdk_blob_over(inst);
	if (!ret) {
		before = mdk_call_begin();
		*len = row->length(&inst->base);
		mdk_call_end(inst->plan->host, "length", row->name, &before);
	}
	mdk_inst_unlock(inst);
	if (ret || (*len >= row->min && *len <= row->max))
		return ret;
	dev_warn_ratelimited(mdev_dev(inst->mdev), "migration: blob '%s' has %llu bytes, says its .length; its row says %llu to %llu: correct the one or the other [K261]\n",
			     row->name, *len, row->min, row->max);
	return -EIO;
}

static int mdk_blob_save_piece(struct mdk_inst *inst, const struct mdk_save *row, u64 offset,
			       void *buf, size_t len)
{
	struct mdk_call_state before;
	int ret, said = 0;

	mdk_inst_lock(inst);
	ret = mdk_blob_over(inst);
	if (!ret) {
		before = mdk_call_begin();
		said = row->save(&inst->base, offset, buf, len);
		mdk_call_end(inst->plan->host, "save", row->name, &before);
	}
	mdk_inst_unlock(inst);
	if (!said)
		return ret;
	dev_info_ratelimited(mdev_dev(inst->mdev), "migration: the device was not saved, as .save of blob '%s' failed at byte %llu (errno %d); its own lines before say why, if it gave any [K260]\n",
			     row->name, offset, -said);
	return mdk_blob_errno(said);
}

/* Return: where the next @len bytes of the stream are, zero; NULL: there is no room for them. */
static u8 *mdk_blob_room(struct mdk_stream_out *out, u64 len)
{
	u8 *at = out->bytes + out->at;

	if (out->at > out->size || len > out->size - out->at)
		return NULL;
	/* Nobody reads what the driver leaves out of what this memory had before. */
	memset(at, 0, len);
	out->at += len;
	return at;
}

static int mdk_blob_save(struct mdk_inst *inst, const struct mdk_save *row, u64 len,
			 struct mdk_stream_out *out)
{
	u64 offset, n;
	int ret = 0;
	u8 *at;

	mdk_stream_begin(out, MDK_STREAM_BLOB, 0, row->name, len);
	for (offset = 0; offset < len && !ret; offset += n) {
		n = min_t(u64, len - offset, MDK_SAVE_PIECE);
		at = mdk_blob_room(out, n);
		/* It has grown since mdk_blobs_size(): the user may try again. */
		ret = at ? mdk_blob_save_piece(inst, row, offset, at, n) : -EAGAIN;
		cond_resched();
	}
	mdk_stream_fill(out);
	return ret;
}

int mdk_blobs_save(struct mdk_inst *inst, struct mdk_stream_out *out)
{
	const struct mdk_save *row;
	int ret = 0;
	u64 len;
	u32 i;

	for (i = 0; i < mdk_blob_nr(inst) && !ret; i++) {
		row = mdk_blob_row(inst, i);
		if (!row->is_blob)
			continue;
		ret = mdk_blob_length(inst, row, &len) ?: mdk_blob_save(inst, row, len, out);
	}
	return ret;
}

int mdk_blobs_size(struct mdk_inst *inst, u64 *size)
{
	struct mdk_stream_out out = {};
	const struct mdk_save *row;
	int ret = 0;
	u64 len = 0;
	u32 i;

	for (i = 0; i < mdk_blob_nr(inst) && !ret; i++) {
		row = mdk_blob_row(inst, i);
		if (!row->is_blob)
			continue;
		ret = mdk_blob_length(inst, row, &len);
		mdk_stream_begin(&out, MDK_STREAM_BLOB, 0, row->name, len);
		out.at += mdk_stream_pad(len);
	}
	*size = out.at;
	return ret;
}

/* Loading */

static int mdk_blob_load_piece(struct mdk_inst *inst, const struct mdk_save *row, u64 offset,
			       const struct mdk_record *record)
{
	const u8 *from = record->len ? record->data + offset : NULL;
	size_t len = min_t(u64, record->len - offset, MDK_SAVE_PIECE);
	struct mdk_call_state before;
	int ret = mdk_blob_over(inst);

	if (ret)
		return ret;
	before = mdk_call_begin();
	ret = row->load(&inst->base, offset, from, len, record->len);
	mdk_call_end(inst->plan->host, "load", row->name, &before);
	return mdk_blob_errno(ret);
}

int mdk_blob_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	static const struct mdk_record nothing;
	const struct mdk_save *row = mdk_blob_row(inst, i);
	u64 offset = 0;
	int ret;

	record = record ?: &nothing;
	do {
		ret = mdk_blob_load_piece(inst, row, offset, record);
		offset += MDK_SAVE_PIECE;
		cond_resched();
	} while (!ret && offset < record->len);
	return ret;
}

const struct mdk_section mdk_blob_section = {
	.kind = MDK_STREAM_BLOB,
	.what = "blob",
	.nr = mdk_blob_nr,
	.len = mdk_blob_most,
	.name = mdk_blob_name,
	.wrong = mdk_blob_wrong,
	.since = mdk_blob_since,
	.up_to = true,
};
