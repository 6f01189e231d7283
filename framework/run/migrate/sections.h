/* SPDX-License-Identifier: GPL-2.0-only */
/* What a stream consists of: a table, so that what is saved is what is loaded. */
#ifndef MDK_MIGRATE_SECTIONS_H
#define MDK_MIGRATE_SECTIONS_H

#include "model/stream.h"

struct mdk_inst;

/**
 * struct mdk_section - a kind of record
 * @kind: of enum mdk_stream_kind
 * @what: for messages
 * @nr: how many the instance may have, by number from 0: regions, or rows; NULL: one
 * @len: bytes of the data of that one; 0: there is none
 * @name: of it; NULL: records have no names
 * @save: writes the data
 * @wrong: is a record's data good? Return: NULL, or what is wrong. NULL: only its length matters
 * @load: takes over data that is good; under mdk_inst.callbacks
 * @since: the .save_version that has brought it; NULL: all have it
 * @up_to: a record may have less than @len, and @wrong says how much is enough
 * @tell: the numbers to what @wrong has found, for the message; NULL: it says all
 */
struct mdk_section {
	u32 kind;
	const char *what;
	u32 (*nr)(const struct mdk_inst *inst);
	u64 (*len)(const struct mdk_inst *inst, u32 i);
	const char *(*name)(const struct mdk_inst *inst, u32 i);
	void (*save)(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
	const char *(*wrong)(const struct mdk_inst *inst, u32 i, const struct mdk_record *record);
	void (*load)(struct mdk_inst *inst, u32 i, const struct mdk_record *record);
	u32 (*since)(const struct mdk_inst *inst, u32 i);
	bool up_to;
	void (*tell)(const struct mdk_inst *inst, u32 i, const struct mdk_record *record,
		     char *text, size_t size);
};

extern const struct mdk_section mdk_sections[];
extern const u32 mdk_nr_sections;

static inline u32 mdk_section_nr(const struct mdk_section *section, const struct mdk_inst *inst)
{
	return section->nr ? section->nr(inst) : 1;
}

/* state.c: rows of MDK_SAVES() */
extern const struct mdk_section mdk_state_section;

/* blob.c: its blobs, without @save and @load, which cannot fail; @len is the most. */
extern const struct mdk_section mdk_blob_section;

/*
 * What all blobs have now, as records; then those. Return: 0; -ENODEV: the hardware is gone;
 * -EINTR: the user was killed; or what is wrong with a callback, with a message.
 */
int mdk_blobs_size(struct mdk_inst *inst, u64 *size);
int mdk_blobs_save(struct mdk_inst *inst, struct mdk_stream_out *out);

/*
 * Under mdk_inst.callbacks; @record: NULL for what an older stream lacks. Return: likewise, or what
 * .load has said.
 */
int mdk_blob_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

#endif /* MDK_MIGRATE_SECTIONS_H */
