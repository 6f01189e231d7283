// SPDX-License-Identifier: GPL-2.0-only
/*
 * How one stream becomes another: by record. Most changes are of values, which a device may take;
 * of others most are refused at once, and there are few ways in which they can be.
 */
#include <stdlib.h>
#include <string.h>

#include "../libfuzzer/grammar.h"
#include "stream.h"

/* libFuzzer's own. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* Where members of a head are in its data. */
#define HEAD_VERSION 16u
#define HEAD_ID 20u
#define HEAD_COSTS 24u
#define HEAD_MODEL (HEAD_COSTS + 4 * MDK_BUDGETS_MAX)
#define HEAD_TYPE (HEAD_MODEL + 64)

/* More than a record of the driver's grows by. */
#define GROW_MOST 512u

/**
 * struct work - a stream that is being changed
 * @parts: its records; what they point to is @bytes, or @more
 * @bytes: a copy, which may be written to
 * @other: records that may be taken over
 * @more: what records have got that have grown
 * @ends: the last record says where it ends
 */
struct work {
	struct parts parts;
	struct bytes bytes;
	struct parts other;
	struct bytes more[8];
	unsigned int nr_more;
	bool ends;
};

static struct part *any_part(struct work *work)
{
	return work->parts.nr ? &work->parts.list[chance_below(work->parts.nr)] : NULL;
}

/* A place for @room bytes that stays for as long as the work does; NULL: there were enough. */
static uint8_t *more_bytes(struct work *work, const uint8_t *at, size_t len, size_t room)
{
	struct bytes *more = &work->more[work->nr_more];

	if (work->nr_more == sizeof(work->more) / sizeof(*work->more))
		return NULL;
	*more = bytes_room(room);
	work->nr_more++;
	if (len)
		memcpy(more->at, at, len);
	memset(more->at + len, 0, room - len);
	return more->at;
}

/* What points to the copy may be written to. */
static uint8_t *writable(struct work *work, struct part *part)
{
	uint8_t *copy;

	if (part->data >= work->bytes.at && part->data < work->bytes.at + work->bytes.len)
		return work->bytes.at + (part->data - work->bytes.at);
	copy = more_bytes(work, part->data, part->size, part->size);
	part->data = copy ? copy : part->data;
	return copy;
}

/* Values */

static uint32_t width_of(const struct part *part, const struct user_save *row)
{
	if (row)
		return row->size;
	if (part->kind == MDK_STREAM_COUNTERS || part->kind == MDK_STREAM_STATS)
		return 8;
	if (chance_one_in(4))
		return 1u << chance_below(4);
	return 4;
}

static uint64_t edge_of(const struct user_save *row, uint64_t value)
{
	const uint64_t edges[] = { row->min - 1, row->min, row->min + 1, row->max - 1, row->max,
				   row->max + 1, value + 1, value - 1 };

	return edges[chance_below(sizeof(edges) / sizeof(edges[0]))];
}

static uint64_t another_value(uint64_t value, uint32_t width)
{
	switch (chance_below(9)) {
	case 0:
		return 0;
	case 1:
		return ~0ULL;
	case 2:
		return value + 1;
	case 3:
		return value - 1;
	case 4:
		return value ^ 1ULL << chance_below(8 * width);
	case 5:
		return value_small();
	case 6:
		return value_address();
	case 7:
		return value_for(~0u);
	default:
		return chance();
	}
}

/* Of much memory only the begin, and the end, is of interest. */
static size_t place_in(const struct part *part, uint32_t width)
{
	size_t nr = part->size / width, most = nr < 1024 ? nr : 1024;

	return width * (chance_one_in(16) ? nr - 1 : chance_below(most));
}

static void change_value(struct work *work)
{
	struct part *part = any_part(work);
	const struct user_save *row = part ? part_row(part) : NULL;
	uint32_t width = part ? width_of(part, row) : 1;
	uint64_t value;
	uint8_t *data;
	size_t at;

	/* What is behind the head counts; its members have a way of their own. */
	if (!part || part->size < width || (part->kind == MDK_STREAM_HEAD && !chance_one_in(16)))
		return;
	data = writable(work, part);
	if (!data)
		return;
	at = place_in(part, width);
	value = part_number(data + at, width);
	value = row && !chance_one_in(4) ? edge_of(row, value) : another_value(value, width);
	part_put(data + at, width, value);
}

/* Several numbers of a record belong together: the ends of a ring, a size and what is in it. */
static void copy_value(struct work *work)
{
	struct part *part = any_part(work), *from = any_part(work);
	uint8_t *data;
	size_t at, source;

	if (!part || part->size < 4 || from->size < 4 || part->kind == MDK_STREAM_HEAD)
		return;
	data = writable(work, part);
	at = place_in(part, 4);
	source = place_in(from, 4);
	if (data)
		memmove(data + at, from->data + source, 4);
}

static void change_head(struct work *work)
{
	struct part *part = work->parts.nr ? &work->parts.list[0] : NULL;
	static const uint32_t places[] = {
		0, 8, HEAD_VERSION, HEAD_VERSION, HEAD_VERSION, HEAD_ID, HEAD_COSTS, HEAD_MODEL,
		HEAD_TYPE,
	};
	uint32_t at = places[chance_below(sizeof(places) / sizeof(places[0]))];
	uint8_t *data;

	if (!part || part->size < MDK_STREAM_HEAD_SIZE)
		return;
	data = writable(work, part);
	if (!data)
		return;
	if (at >= HEAD_MODEL)
		data[at + chance_below(64)] = chance_one_in(2) ? chance() : 0;
	else
		part_put(data + at, 4, another_value(part_number(data + at, 4), 4));
}

/* Records */

static struct part *room_at(struct work *work, size_t at)
{
	struct parts *parts = &work->parts;

	if (parts->nr == PARTS_MOST)
		return NULL;
	memmove(&parts->list[at + 1], &parts->list[at], (parts->nr - at) * sizeof(*parts->list));
	parts->nr++;
	return &parts->list[at];
}

static void put_record(struct work *work, struct part part)
{
	struct part *room = room_at(work, chance_below(work->parts.nr + 1));

	if (room)
		*room = part;
}

/* Mostly once; or more of them than any device has. */
static void repeat_record(struct work *work)
{
	uint32_t times = chance_one_in(4) ? 1 + chance_below(128) : 1;
	struct part part;

	if (!work->parts.nr)
		return;
	part = *any_part(work);
	if (times > 1 && part.size > 64)
		part.size = part.len = 8;
	while (times--)
		put_record(work, part);
}

static struct part take_record(struct work *work)
{
	struct parts *parts = &work->parts;
	size_t at = chance_below(parts->nr);
	struct part part = parts->list[at];

	parts->nr--;
	memmove(&parts->list[at], &parts->list[at + 1], (parts->nr - at) * sizeof(*parts->list));
	return part;
}

static void drop_record(struct work *work)
{
	if (work->parts.nr)
		take_record(work);
}

/* Before the end, mostly: there a record that is read too far is seen. */
static void move_record(struct work *work)
{
	size_t last = work->parts.nr - 1;
	struct part part, *room;

	if (work->parts.nr < 3)
		return;
	part = take_record(work);
	if (chance_one_in(2)) {
		put_record(work, part);
		return;
	}
	room = room_at(work, last - 1);
	if (room)
		*room = part;
}

static void change_name(struct work *work)
{
	struct part *part = any_part(work), *from = any_part(work);

	if (!part)
		return;
	switch (chance_below(4)) {
	case 0:
		part->kind = chance_one_in(2) ? from->kind :
						chance_below(MDK_STREAM_BLOB + 2);
		break;
	case 1:
		part->index = chance_one_in(2) ? from->index : another_value(part->index, 4);
		break;
	case 2:
		part->name = from->name;
		part->name_size = from->name_size;
		part->name_len = from->name_len;
		break;
	default:
		part->name_size = part->name_size ? chance_below(part->name_size) : 0;
		part->name_len = part->name_size;
	}
}

/* Lengths: what the head says, or what there is, or both. */

static uint64_t another_length(uint64_t len)
{
	static const uint64_t odd[] = {
		0, 1, 7, 8, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 32, 1ULL << 63,
		-1ULL, -7ULL, -8ULL, -16ULL, -24ULL,
	};

	switch (chance_below(4)) {
	case 0:
		return odd[chance_below(sizeof(odd) / sizeof(odd[0]))];
	case 1:
		return len + 1 + chance_below(16);
	case 2:
		return len - 1 - chance_below(16);
	default:
		return another_value(len, 8);
	}
}

static void say_length(struct work *work)
{
	struct part *part = any_part(work);

	if (!part)
		return;
	if (chance_one_in(4))
		part->name_len = another_length(part->name_len);
	else
		part->len = another_length(part->len);
}

static void cut_data(struct work *work)
{
	struct part *part = any_part(work);

	if (!part || !part->size)
		return;
	part->size = chance_one_in(2) ? chance_below(part->size) :
		     part->size > 8 ? part->size - 1 - chance_below(8) : 0;
	part->len = part->size;
}

static void grow_data(struct work *work)
{
	struct part *part = any_part(work);
	size_t more = 1 + chance_below(chance_one_in(2) ? 8 : GROW_MOST);
	uint8_t *data;

	if (!part)
		return;
	data = more_bytes(work, part->data, part->size, part->size + more);
	if (!data)
		return;
	if (part->size && chance_one_in(2))
		memcpy(data + part->size, part->data, part->size < more ? part->size : more);
	part->data = data;
	part->size += more;
	part->len = part->size;
}

static void set_end(struct work *work)
{
	work->ends = chance_one_in(2);
	work->parts.rest_size = chance_one_in(2) ? 0 : work->parts.rest_size;
}

/* Of the other stream: in the place of the same record, or one more. */
static void take_over(struct work *work)
{
	struct part part;
	size_t i;

	if (!work->other.nr)
		return;
	part = work->other.list[chance_below(work->other.nr)];
	for (i = 0; i < work->parts.nr; i++)
		if (part_is(&work->parts.list[i], &part) && !chance_one_in(8)) {
			work->parts.list[i] = part;
			return;
		}
	put_record(work, part);
}

/* How often each, of 100. */
static const struct {
	unsigned int share;
	void (*change)(struct work *work);
} ways[] = {
	{ 60, change_value }, { 6, copy_value },    { 3, change_head }, { 4, repeat_record },
	{ 4, drop_record },   { 6, move_record },   { 4, change_name }, { 4, say_length },
	{ 4, cut_data },      { 4, grow_data },	    { 1, set_end },
};

static void change_once(struct work *work)
{
	uint32_t at = chance_below(100), i;

	if (work->other.nr && chance_one_in(2)) {
		take_over(work);
		return;
	}
	for (i = 0; at >= ways[i].share; i++)
		at -= ways[i].share;
	ways[i].change(work);
}

/* Any bytes, and what is behind the end: without a thought for what they are. */
static void change_bytes(struct bytes *stream)
{
	size_t len = stream->len < 64 ? stream->len : 64, at = chance_below(stream->len - len + 1);

	switch (chance_below(3)) {
	case 0:
		stream->len = chance_below(stream->len + 1);
		break;
	case 1:
		if (len)
			LLVMFuzzerMutate(stream->at + at, len, len);
		break;
	default:
		at = chance_below(stream->len < 512 ? stream->len : 512);
		stream->at[at] ^= 1u << chance_below(8);
	}
}

struct bytes stream_change(const struct bytes *stream, const struct bytes *other)
{
	struct work work = { .bytes = bytes_copy(stream->at, stream->len), .ends = true };
	uint32_t times = chance_one_in(2) ? 1 : 1 + chance_below(chance_one_in(4) ? 12 : 4);
	struct bytes changed;

	parts_of(&work.parts, &work.bytes);
	if (other)
		parts_of(&work.other, other);
	while (times--)
		change_once(&work);
	changed = parts_join(&work.parts, work.ends);
	if (changed.len && chance_one_in(24))
		change_bytes(&changed);
	while (work.nr_more)
		bytes_free(&work.more[--work.nr_more]);
	bytes_free(&work.bytes);
	return changed;
}
