// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a migration carries of the driver's state: see check.c. Every byte of the state lies in a
 * row, in a parameter, which the SDK keeps, or in what the compiler has left between two members.
 */
#include "check.h"
#include "fault.h"
#include "plain.h"
#include "save_row.h"

/* Rows, and behind them parameters, as one list. */
struct mdk_piece {
	const char *name;
	u64 first;
	u64 size;
	u64 stride;
	u32 repeat;
	u32 align;
};

static u32 mdk_nr_pieces(const struct mdk_desc *desc)
{
	return desc->model->nr_saves + desc->model->nr_params;
}

/*
 * Nobody says what a member that is not saved is aligned to: at most to what divides all of its
 * places, and the state.
 */
static u32 mdk_align_allowed(const struct mdk_save *row, u64 state_size)
{
	u64 places = row->offset | row->stride | (u64)row->size * row->count | state_size | 8;

	return places & -places;
}

static struct mdk_piece mdk_piece_at(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_param *param;
	const struct mdk_save *row;

	if (i < desc->model->nr_saves) {
		row = mdk_desc_save(desc, i);
		return (struct mdk_piece){
			.name = row->name ? row->name : "(no name)", .first = row->offset,
			.size = (u64)row->size * row->count, .stride = row->stride,
			.repeat = row->repeat,
			.align = row->not_because ?
				 mdk_align_allowed(row, desc->model->state_size) : row->size,
		};
	}
	param = mdk_desc_param(desc, i - desc->model->nr_saves);
	return (struct mdk_piece){
		.name = param->name, .first = param->offset, .size = sizeof(u32), .repeat = 1,
		.align = sizeof(u32),
	};
}

/* Return: byte @at is of the piece; @end: behind the last byte of its repetition there. */
static bool mdk_piece_holds(const struct mdk_piece *piece, u64 at, u64 *end)
{
	u64 nr = piece->stride && at >= piece->first ? (at - piece->first) / piece->stride : 0;
	u64 start;

	if (at < piece->first || nr >= piece->repeat)
		return false;
	start = piece->first + nr * piece->stride;
	*end = start + piece->size;
	return at < *end;
}

/* Return: where its first repetition behind @at begins, U64_MAX if there is none. */
static u64 mdk_piece_next(const struct mdk_piece *piece, u64 at)
{
	u64 nr;

	/* A lock may have no bytes. */
	if (!piece->size)
		return U64_MAX;
	if (at <= piece->first)
		return piece->first;
	nr = piece->stride ? (at - piece->first + piece->stride - 1) / piece->stride : U64_MAX;
	return nr < piece->repeat ? piece->first + nr * piece->stride : U64_MAX;
}

/* Two pieces that begin in each other. */
static int mdk_pieces_meet(const struct mdk_desc *desc, u32 i, u32 j)
{
	struct mdk_piece a = mdk_piece_at(desc, i), b = mdk_piece_at(desc, j);
	u64 at, end;
	u32 k;

	for (k = 0; k < b.repeat; k++) {
		at = b.first + k * b.stride;
		if (mdk_piece_holds(&a, at, &end))
			return mdk_fault(desc, "M231", "byte %llu of the state is in '%s' and in '%s': it would be saved twice, and a stream could have two values for it; leave one out",
					 at, a.name, b.name);
	}
	return 0;
}

static int mdk_pieces_apart(const struct mdk_desc *desc)
{
	u32 nr = mdk_nr_pieces(desc), i, j;
	int bad = 0;

	for (i = 0; i < nr; i++)
		for (j = 0; j < nr; j++)
			if (i != j && !bad)
				bad += mdk_pieces_meet(desc, i, j);
	return bad;
}

/* What a compiler leaves before a member, or behind the last one. */
static bool mdk_is_padding(u64 from, u64 to, u32 align)
{
	return to - from < align && to == (from + align - 1) / align * align;
}

/* What a structure is aligned to, as far as members tell: behind its last one is a gap too. */
static u32 mdk_widest(const struct mdk_desc *desc)
{
	u32 widest = 1, i;

	for (i = 0; i < mdk_nr_pieces(desc); i++)
		if (mdk_piece_at(desc, i).align > widest)
			widest = mdk_piece_at(desc, i).align;
	return widest;
}

/*
 * Return: the end of the piece there; @at if there is none: then @next is where the next one
 * begins, and @align what it is aligned to.
 */
static u64 mdk_covered_to(const struct mdk_desc *desc, u64 at, u64 *next, u32 *align)
{
	struct mdk_piece piece;
	u64 end, start;
	u32 i;

	*next = desc->model->state_size;
	*align = mdk_widest(desc);
	for (i = 0; i < mdk_nr_pieces(desc); i++) {
		piece = mdk_piece_at(desc, i);
		if (mdk_piece_holds(&piece, at, &end))
			return end;
		start = mdk_piece_next(&piece, at);
		if (start < *next) {
			*next = start;
			*align = piece.align;
		}
	}
	return at;
}

static int mdk_pieces_cover(const struct mdk_desc *desc)
{
	u64 at = 0, size = desc->model->state_size, next, end;
	int bad = 0;
	u32 align;

	while (at < size) {
		end = mdk_covered_to(desc, at, &next, &align);
		if (end == at && !mdk_is_padding(at, next, align) &&
		    !mdk_is_padding(at, next, mdk_widest(desc)))
			bad += mdk_fault(desc, "M230", "bytes %llu to %llu of the state are in no row of MDK_SAVES(): a device that has moved would have lost them; add MDK_SAVE() for what is there, or MDK_SAVE_NOT() with the reason",
					 at, next - 1);
		at = end == at ? next : end;
	}
	return bad;
}

static bool mdk_save_is_value(const struct mdk_save *row)
{
	return row->not_because || row->size == 1 || row->size == 2 || row->size == 4 ||
	       row->size == 8;
}

static bool mdk_save_fits(const struct mdk_save *row, u64 state_size)
{
	u64 size = (u64)row->size * row->count;

	if (!row->count || !row->repeat || size > state_size || row->offset > state_size - size)
		return false;
	return row->repeat == 1 ||
	       (row->stride >= size &&
		(state_size - size - row->offset) / row->stride >= row->repeat - 1);
}

static bool mdk_save_values_ok(const struct mdk_save *row, u32 version)
{
	u64 max = mdk_save_max(row);

	if (row->min > max || row->since > version)
		return false;
	return !row->since || (row->dflt >= row->min && row->dflt <= max);
}

static bool mdk_save_name_ok(const char *name)
{
	return name && *name && strlen(name) <= MDK_SAVE_NAME_MAX;
}

/* What blob @i and those before it may have. */
static u64 mdk_blobs_most_to(const struct mdk_desc *desc, u32 i)
{
	u64 most = 0, max;
	u32 j;

	for (j = 0; j <= i; j++) {
		max = mdk_desc_save(desc, j)->is_blob ? mdk_desc_save(desc, j)->max : 0;
		most += max < U64_MAX - most ? max : U64_MAX - most;
	}
	return most;
}

static bool mdk_blob_sized(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_save *row = mdk_desc_save(desc, i);

	return row->max && row->min <= row->max &&
	       mdk_blobs_most_to(desc, i) <= MDK_SAVE_BLOBS_MAX;
}

/* What only the other kind of row has would have no effect. */
static bool mdk_save_mixed(const struct mdk_save *row)
{
	if (row->is_blob)
		return row->size || row->count || row->dflt || row->is_bool || row->not_because;
	return row->length || row->save || row->load;
}

static int mdk_blob_check(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_save *row = mdk_desc_save(desc, i);
	int bad = 0;

	if (!row->save || !row->load)
		bad += mdk_fault(desc, "M240", "blob '%s' of MDK_SAVES() has no .%s: what is saved on one host has to be loaded on the other; set both",
				 row->name, row->save ? "load" : "save");
	if (!mdk_blob_sized(desc, i))
		bad += mdk_fault(desc, "M241", "blob '%s' of MDK_SAVES() may have %llu to %llu bytes, with the blobs before it up to %llu: .max from 1 and from .min on is needed, and %u for all blobs at most",
				 row->name, row->min, row->max, mdk_blobs_most_to(desc, i),
				 MDK_SAVE_BLOBS_MAX);
	if (row->since > desc->model->save_version)
		bad += mdk_fault(desc, "M242", "blob '%s' of MDK_SAVES() came with version %u, and the model is of version %u: correct .since, or raise the version",
				 row->name, row->since, desc->model->save_version);
	return bad;
}

static int mdk_value_check(const struct mdk_desc *desc, const struct mdk_save *row)
{
	int bad = 0;

	if (!mdk_save_is_value(row))
		bad += mdk_fault(desc, "M234", "'%s' of MDK_SAVES() has values of %zu bytes: 1, 2, 4 or 8 are possible; give a structure's members a row each",
				 row->name, row->size);
	if (!mdk_save_fits(row, desc->model->state_size))
		bad += mdk_fault(desc, "M235", "'%s' of MDK_SAVES(), %u times %u values of %zu bytes from byte %zu on, does not lie in a state of %zu bytes: name the struct whose size is .state_size",
				 row->name, row->repeat, row->count, row->size, row->offset,
				 desc->model->state_size);
	if (!row->not_because && !mdk_save_values_ok(row, desc->model->save_version))
		bad += mdk_fault(desc, "M236", "'%s' of MDK_SAVES() may be 0x%llx to 0x%llx, is 0x%llx in streams before version %u, and the model is of version %u: set .min, .max, .dflt, .since and the version so that they fit together",
				 row->name, row->min, mdk_save_max(row), row->dflt, row->since,
				 desc->model->save_version);
	return bad;
}

static int mdk_save_check(const struct mdk_desc *desc, u32 i)
{
	const struct mdk_save *row = mdk_desc_save(desc, i);
	int bad = 0;
	u32 j;

	if (!mdk_save_name_ok(row->name))
		return mdk_fault(desc, "M232", "row %u of MDK_SAVES() has the name '%s': 1 to %u characters are needed",
				 i, row->name ? row->name : "", MDK_SAVE_NAME_MAX);
	for (j = 0; j < i; j++)
		if (!strcmp(row->name, mdk_desc_save(desc, j)->name))
			bad += mdk_fault(desc, "M233", "two rows of MDK_SAVES() are called '%s': a stream finds members by their names; rename one",
					 row->name);
	if (mdk_save_mixed(row))
		bad += mdk_fault(desc, "M243", "'%s' of MDK_SAVES() is a %s, and has what only a %s may have: use MDK_SAVE_BLOB() for bytes that callbacks give and take, the other macros for members",
				 row->name, row->is_blob ? "blob" : "member",
				 row->is_blob ? "member" : "blob");
	return bad + (row->is_blob ? mdk_blob_check(desc, i) : mdk_value_check(desc, row));
}

static int mdk_saves_check_rings(const struct mdk_desc *desc)
{
	const struct mdk_ring_row *row;
	int bad = 0;
	u32 i;

	if (desc->model->nr_rings && desc->ops->quiesce)
		bad += mdk_fault(desc, "M238", "it has rings of MDK_RINGS() beside ops.quiesce, and can be migrated: a stop for a migration would end its rings; leave MDK_SAVES() out");
	for (i = 0; i < desc->model->nr_rings; i++) {
		row = mdk_desc_ring(desc, i);
		if (mdk_at_given(row->select))
			bad += mdk_fault(desc, "M239", "ring '%s' has .select, and the model can be migrated: a stream does not carry registers that a guest selects; leave MDK_SAVES() out, or give each ring registers of its own",
					 mdk_ring_name(row));
	}
	return bad;
}

int mdk_saves_check(const struct mdk_desc *desc)
{
	const struct mdk_model *model = desc->model;
	int bad = 0;
	u32 i;

	if (!model->save_version) {
		if (!model->nr_saves && !desc->ops->post_load)
			return 0;
		return mdk_fault(desc, "M237", "what a migration saves is given, and no version of it: use MDK_SAVES(1, ...) or MDK_SAVES_NOTHING(1)");
	}
	bad += mdk_saves_check_rings(desc);
	for (i = 0; i < model->nr_saves; i++)
		bad += mdk_save_check(desc, i);
	/* The rest reckons with rows that lie in the state. */
	return bad ? bad : mdk_pieces_apart(desc) + mdk_pieces_cover(desc);
}
