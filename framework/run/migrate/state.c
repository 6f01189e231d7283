// SPDX-License-Identifier: GPL-2.0-only
/* The driver's own state in a stream: a record for each row of MDK_SAVES(). */
#include <linux/kernel.h>
#include <linux/string.h>

#include "model/save_row.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "sections.h"

static const struct mdk_save *mdk_state_row(const struct mdk_inst *inst, u32 i)
{
	return mdk_desc_save(inst->plan->desc, i);
}

static u32 mdk_state_nr(const struct mdk_inst *inst)
{
	return inst->plan->host->model.nr_saves;
}

static u64 mdk_state_len(const struct mdk_inst *inst, u32 i)
{
	const struct mdk_save *row = mdk_state_row(inst, i);

	return row->not_because || row->is_blob ? 0 : mdk_save_bytes(row);
}

static const char *mdk_state_name(const struct mdk_inst *inst, u32 i)
{
	return mdk_state_row(inst, i)->name;
}

static u32 mdk_state_since(const struct mdk_inst *inst, u32 i)
{
	return mdk_state_row(inst, i)->since;
}

/* The @nr-th value of a row. */
static void *mdk_state_at(const struct mdk_inst *inst, const struct mdk_save *row, u64 nr)
{
	u64 times = nr / row->count, which = nr % row->count;

	return inst->base.state + row->offset + times * row->stride + which * row->size;
}

static u64 mdk_state_get(const void *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const u8 *)at;
	case 2:
		return *(const u16 *)at;
	case 4:
		return *(const u32 *)at;
	default:
		return *(const u64 *)at;
	}
}

static void mdk_state_set(void *at, size_t size, u64 val)
{
	switch (size) {
	case 1:
		*(u8 *)at = val;
		break;
	case 2:
		*(u16 *)at = val;
		break;
	case 4:
		*(u32 *)at = val;
		break;
	default:
		*(u64 *)at = val;
	}
}

static void mdk_state_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	const struct mdk_save *row = mdk_state_row(inst, i);
	u64 nr = (u64)row->count * row->repeat, k;

	for (k = 0; k < nr; k++)
		mdk_stream_put(out, row->size,
			       mdk_state_get(mdk_state_at(inst, row, k), row->size));
}

/* Return: the number of the first value outside of its bounds, in @val; or how many there are. */
static u64 mdk_state_strange(const struct mdk_save *row, const struct mdk_record *record, u64 *val)
{
	u64 nr = record->len / row->size, k;

	for (k = 0; k < nr; k++) {
		*val = mdk_stream_get(record->data + k * row->size, row->size);
		if (*val < row->min || *val > mdk_save_max(row))
			break;
	}
	return k;
}

static const char *mdk_state_wrong(const struct mdk_inst *inst, u32 i,
				   const struct mdk_record *record)
{
	const struct mdk_save *row = mdk_state_row(inst, i);
	u64 val;

	return mdk_state_strange(row, record, &val) < record->len / row->size ?
	       "a value is outside of its bounds" : NULL;
}

static void mdk_state_tell(const struct mdk_inst *inst, u32 i, const struct mdk_record *record,
			   char *text, size_t size)
{
	const struct mdk_save *row = mdk_state_row(inst, i);
	u64 val, nr = mdk_state_strange(row, record, &val);

	scnprintf(text, size, ": number %llu is 0x%llx, its row says 0x%llx to 0x%llx", nr, val,
		  row->min, mdk_save_max(row));
}

static void mdk_state_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	const struct mdk_save *row = mdk_state_row(inst, i);
	u64 nr = (u64)row->count * row->repeat, k;

	for (k = 0; k < nr; k++)
		mdk_state_set(mdk_state_at(inst, row, k), row->size,
			      record ? mdk_stream_get(record->data + k * row->size, row->size) :
				       row->dflt);
}

const struct mdk_section mdk_state_section = {
	.kind = MDK_STREAM_STATE,
	.what = "state",
	.nr = mdk_state_nr,
	.len = mdk_state_len,
	.name = mdk_state_name,
	.save = mdk_state_save,
	.wrong = mdk_state_wrong,
	.load = mdk_state_load,
	.since = mdk_state_since,
	.tell = mdk_state_tell,
};
