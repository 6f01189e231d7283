// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream into a device that is halted. What arrives is anybody's: all of it is looked at before
 * the first of it is taken over. What ops.post_load refuses is undone: the state is as it was, and
 * the rest as after a reset.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "run/access/causes.h"
#include "run/bus_master.h"
#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "run/power.h"
#include "migrate.h"
#include "sections.h"

/**
 * struct mdk_load - a stream under examination
 * @inst: the instance
 * @version: of the driver that wrote it
 * @records: those between head and end
 * @nr: how many
 * @used: how many of them something here wants
 * @before: the state's rows as they were
 */
struct mdk_load {
	struct mdk_inst *inst;
	u32 version;
	struct mdk_record *records;
	u32 nr;
	u32 used;
	u8 *before;
};

/* Bytes of what is wrong, with numbers behind it. */
#define MDK_TOLD 160

static int mdk_load_refuse(const struct mdk_inst *inst, const char *what, const char *name, u32 i,
			   const char *wrong)
{
	dev_info_ratelimited(mdev_dev(inst->mdev), "migration: the stream was refused: %s '%s' (%u): %s; the device has to be reset [K259]\n",
			     what, name ?: "", i, wrong);
	return -EINVAL;
}

static u32 mdk_load_most(const struct mdk_inst *inst)
{
	u32 most = mdk_section_nr(&mdk_state_section, inst) +
		   mdk_section_nr(&mdk_blob_section, inst), i;

	for (i = 0; i < mdk_nr_sections; i++)
		most += mdk_section_nr(&mdk_sections[i], inst);
	return most;
}

/* Return: NULL, or what is wrong with the head. */
static const char *mdk_load_head(struct mdk_load *load, struct mdk_stream *stream)
{
	struct mdk_stream_head own, head;
	const char *wrong = mdk_stream_open(stream, &head);

	if (wrong)
		return wrong;
	mdk_migration_head(load->inst, &own);
	if (mdk_migration_head_fits(&own, &head))
		return "its head does not fit";
	load->version = head.version;
	return NULL;
}

/* Return: NULL if it ends where its end says so, or what is wrong. */
static const char *mdk_load_end(const struct mdk_stream *stream, const struct mdk_record *record)
{
	if (record->index || record->name_len || record->len != 8)
		return "its end is none";
	if (mdk_stream_get(record->data, 8) != stream->at || stream->at != stream->len)
		return "it does not end where its end is";
	return NULL;
}

static const char *mdk_load_records(struct mdk_load *load, struct mdk_stream *stream, u32 most)
{
	struct mdk_record record;
	const char *wrong;

	for (;;) {
		wrong = mdk_stream_next(stream, &record);
		if (wrong)
			return *wrong ? wrong : "it has no end";
		if (record.kind == MDK_STREAM_END)
			return mdk_load_end(stream, &record);
		if (load->nr == most)
			return "it has more records than the driver here";
		load->records[load->nr++] = record;
	}
}

/* Sections */

static const struct mdk_record *mdk_load_find(const struct mdk_load *load,
					      const struct mdk_section *section, u32 i)
{
	const struct mdk_record *record = load->records;
	u32 k;

	for (k = 0; k < load->nr; k++, record++) {
		if (record->kind != section->kind)
			continue;
		if (section->name ? mdk_record_is(record, section->name(load->inst, i)) :
				    record->index == (section->nr ? i : 0) && !record->name_len)
			return record;
	}
	return NULL;
}

static bool mdk_load_lacks(const struct mdk_load *load, const struct mdk_section *section, u32 i)
{
	return section->since && section->since(load->inst, i) > load->version;
}

static bool mdk_section_fits(const struct mdk_section *section, const struct mdk_record *record,
			     u64 len)
{
	return section->up_to ? record->len <= len : record->len == len;
}

/* Return: NULL, or what is wrong with the record that is to be number @i of the section. */
static const char *mdk_section_wrong(struct mdk_load *load, const struct mdk_section *section,
				     u32 i)
{
	const struct mdk_record *record = mdk_load_find(load, section, i);
	u64 len = section->len(load->inst, i);

	if (!record)
		return len && !mdk_load_lacks(load, section, i) ? "it is missing" : NULL;
	load->used++;
	if (!len)
		return "the driver here has no such thing";
	if (!mdk_section_fits(section, record, len))
		return "its length is another one than here";
	return section->wrong ? section->wrong(load->inst, i, record) : NULL;
}

/* Return: -EINVAL, with a message that has the numbers to what is wrong. */
static int mdk_section_refuse(const struct mdk_load *load, const struct mdk_section *section,
			      u32 i, const char *wrong)
{
	const struct mdk_record *record = mdk_load_find(load, section, i);
	u64 len = section->len(load->inst, i);
	char told[MDK_TOLD];
	size_t at = scnprintf(told, sizeof(told), "%s", wrong);

	if (record && len && !mdk_section_fits(section, record, len))
		scnprintf(told + at, sizeof(told) - at, ": %llu bytes, here %s%llu", record->len,
			  section->up_to ? "up to " : "", len);
	else if (record && len && section->tell)
		section->tell(load->inst, i, record, told + at, sizeof(told) - at);
	return mdk_load_refuse(load->inst, section->what,
			       section->name ? section->name(load->inst, i) : NULL, i, told);
}

static int mdk_section_look(struct mdk_load *load, const struct mdk_section *section)
{
	u32 nr = mdk_section_nr(section, load->inst), i;
	const char *wrong;

	for (i = 0; i < nr; i++) {
		wrong = mdk_section_wrong(load, section, i);
		if (wrong)
			return mdk_section_refuse(load, section, i, wrong);
	}
	return 0;
}

static void mdk_section_take(struct mdk_load *load, const struct mdk_section *section)
{
	u32 nr = mdk_section_nr(section, load->inst), i;
	const struct mdk_record *record;

	for (i = 0; i < nr; i++) {
		if (!section->len(load->inst, i))
			continue;
		record = mdk_load_find(load, section, i);
		if (record || section->since)
			section->load(load->inst, i, record);
	}
}

static u64 mdk_state_bytes(const struct mdk_inst *inst)
{
	u32 nr = mdk_section_nr(&mdk_state_section, inst), i;
	u64 len = 0;

	for (i = 0; i < nr; i++)
		len += mdk_state_section.len(inst, i);
	return len;
}

static void mdk_state_keep(struct mdk_load *load)
{
	struct mdk_stream_out out = { .bytes = load->before, .size = mdk_state_bytes(load->inst) };
	u32 nr = mdk_section_nr(&mdk_state_section, load->inst), i;

	for (i = 0; i < nr; i++)
		if (mdk_state_section.len(load->inst, i))
			mdk_state_section.save(load->inst, i, &out);
}

/* ops.resume programs the hardware from it, before ops.reset can be called. */
static void mdk_state_undo(struct mdk_load *load)
{
	u32 nr = mdk_section_nr(&mdk_state_section, load->inst), i;
	struct mdk_record record = { .data = load->before };

	for (i = 0; i < nr; i++, record.data += record.len) {
		record.len = mdk_state_section.len(load->inst, i);
		if (record.len)
			mdk_state_section.load(load->inst, i, &record);
	}
}

/* A record that nothing wanted is of a newer driver, or is there twice. */
static int mdk_load_unused(const struct mdk_load *load)
{
	if (load->used == load->nr)
		return 0;
	return mdk_load_refuse(load->inst, "records", NULL, load->nr - load->used,
			       "so many are there twice, or nothing here wants them");
}

static int mdk_load_look(struct mdk_load *load, const u8 *bytes, u64 len, u32 most)
{
	struct mdk_stream stream = { .bytes = bytes, .len = len };
	const char *wrong = mdk_load_head(load, &stream) ?: mdk_load_records(load, &stream, most);
	int ret = 0;
	u32 i;

	if (wrong)
		return mdk_load_refuse(load->inst, "stream", NULL, load->nr, wrong);
	ret = mdk_section_look(load, &mdk_state_section);
	for (i = 0; i < mdk_nr_sections && !ret; i++)
		ret = mdk_section_look(load, &mdk_sections[i]);
	return ret ?: mdk_section_look(load, &mdk_blob_section) ?: mdk_load_unused(load);
}

/* By the driver, which may refuse them. Return: 0, or -errno with a message. */
static int mdk_load_blobs(struct mdk_load *load)
{
	const struct mdk_section *section = &mdk_blob_section;
	struct mdk_inst *inst = load->inst;
	u32 i;
	int ret;

	for (i = 0; i < section->nr(inst); i++) {
		if (!section->len(inst, i))
			continue;
		ret = mdk_blob_load(inst, i, mdk_load_find(load, section, i));
		if (ret) {
			mdk_load_refuse(inst, section->what, section->name(inst, i), i,
					"its .load refuses what is in it, or was broken off");
			return ret;
		}
	}
	return 0;
}

static int mdk_load_post(struct mdk_inst *inst)
{
	int ret = mdk_call(mdk_inst_ops(inst)->post_load, inst, "post_load");

	if (!ret)
		return 0;
	mdk_load_refuse(inst, "stream", NULL, 0, "ops.post_load refuses what is in it");
	return ret < 0 && ret >= -MAX_ERRNO ? ret : -EINVAL;
}

/* What a row does not carry is as it was here. */
static int mdk_load_take(struct mdk_load *load)
{
	struct mdk_inst *inst = load->inst;
	int ret;
	u32 i;

	mdk_inst_lock(inst);
	mdk_state_keep(load);
	mdk_inst_empty(inst);
	mdk_master_end_pins(inst);
	mdk_section_take(load, &mdk_state_section);
	for (i = 0; i < mdk_nr_sections; i++)
		mdk_section_take(load, &mdk_sections[i]);
	mdk_master_follow(inst);
	ret = mdk_load_blobs(load) ?: mdk_load_post(inst);
	if (ret)
		mdk_state_undo(load);
	mdk_causes_follow(inst);
	mdk_works_all_own(inst);
	mdk_inst_unlock(inst);
	return ret;
}

int mdk_migration_load(struct mdk_inst *inst, const u8 *bytes, u64 len)
{
	struct mdk_load load = { .inst = inst };
	u32 most = mdk_load_most(inst);
	int ret = -ENOMEM;

	load.records = kvcalloc(most, sizeof(*load.records), GFP_KERNEL);
	load.before = kvzalloc(mdk_state_bytes(inst) ?: 1, GFP_KERNEL);
	if (load.records && load.before)
		ret = mdk_load_look(&load, bytes, len, most);
	if (!ret) {
		ret = mdk_load_take(&load);
		if (ret)
			mdk_inst_reset(inst, false);
	}
	kvfree(load.before);
	kvfree(load.records);
	return ret;
}
