// SPDX-License-Identifier: GPL-2.0-only
/* A device that is halted, as a stream. */
#include "run/instance/instance.h"
#include "migrate.h"
#include "sections.h"

static void mdk_section_save(struct mdk_inst *inst, const struct mdk_section *section, u32 i,
			     struct mdk_stream_out *out)
{
	u64 len = section->len(inst, i);

	if (!len)
		return;
	mdk_stream_begin(out, section->kind, section->nr ? i : 0,
			 section->name ? section->name(inst, i) : NULL, len);
	section->save(inst, i, out);
	mdk_stream_fill(out);
}

static void mdk_section_save_all(struct mdk_inst *inst, const struct mdk_section *section,
				 struct mdk_stream_out *out)
{
	u32 nr = mdk_section_nr(section, inst), i;

	for (i = 0; i < nr; i++)
		mdk_section_save(inst, section, i, out);
}

int mdk_migration_save(struct mdk_inst *inst, struct mdk_stream_out *out)
{
	struct mdk_stream_head head;
	int ret;
	u32 i;

	mdk_migration_head(inst, &head);
	mdk_stream_put_head(out, &head);
	mdk_section_save_all(inst, &mdk_state_section, out);
	for (i = 0; i < mdk_nr_sections; i++)
		mdk_section_save_all(inst, &mdk_sections[i], out);
	ret = mdk_blobs_save(inst, out);
	mdk_stream_begin(out, MDK_STREAM_END, 0, NULL, 8);
	mdk_stream_put(out, 8, out->at + 8);
	/* A blob has changed since it was asked for its length. */
	return ret ?: out->at > out->size ? -EAGAIN : 0;
}

static u64 mdk_section_size(struct mdk_inst *inst, const struct mdk_section *section)
{
	struct mdk_stream_out out = {};
	u32 nr = mdk_section_nr(section, inst), i;
	u64 len;

	for (i = 0; i < nr; i++) {
		len = section->len(inst, i);
		if (!len)
			continue;
		mdk_stream_begin(&out, section->kind, i,
				 section->name ? section->name(inst, i) : NULL, len);
		out.at += mdk_stream_pad(len);
	}
	return out.at;
}

/* All but the blobs. */
static u64 mdk_migration_rest(struct mdk_inst *inst)
{
	u64 size = MDK_STREAM_HEAD_RECORD + mdk_section_size(inst, &mdk_state_section);
	u32 i;

	for (i = 0; i < mdk_nr_sections; i++)
		size += mdk_section_size(inst, &mdk_sections[i]);
	return size + MDK_STREAM_RECORD + 8;
}

u64 mdk_migration_most(struct mdk_inst *inst)
{
	return mdk_migration_rest(inst) + mdk_section_size(inst, &mdk_blob_section);
}

int mdk_migration_size(struct mdk_inst *inst, u64 *size)
{
	int ret = mdk_blobs_size(inst, size);

	*size += mdk_migration_rest(inst);
	return ret;
}
