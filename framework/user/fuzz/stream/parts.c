// SPDX-License-Identifier: GPL-2.0-only
/* A stream as records, and put together again. Own code: the SDK's is what is tried. */
#include <string.h>

#include "stream.h"

uint64_t part_number(const uint8_t *at, uint32_t width)
{
	uint64_t value = 0;

	memcpy(&value, at, width);
	return value;
}

void part_put(uint8_t *at, uint32_t width, uint64_t value)
{
	memcpy(at, &value, width);
}

static size_t padded(size_t len)
{
	return (len + 7) & ~(size_t)7;
}

/* Return: bytes of the whole record there, 0: there is none. */
static size_t part_of(struct part *part, const uint8_t *at, size_t left)
{
	if (left < MDK_STREAM_RECORD)
		return 0;
	*part = (struct part){
		.kind = part_number(at, 2), .name_len = part_number(at + 2, 2),
		.index = part_number(at + 4, 4), .len = part_number(at + 8, 8),
	};
	left -= MDK_STREAM_RECORD;
	part->name_size = part->name_len;
	if (padded(part->name_size) > left)
		return 0;
	left -= padded(part->name_size);
	if (part->len > left || padded(part->len) > left)
		return 0;
	part->size = part->len;
	part->name = at + MDK_STREAM_RECORD;
	part->data = part->name + padded(part->name_size);
	return MDK_STREAM_RECORD + padded(part->name_size) + padded(part->size);
}

void parts_of(struct parts *parts, const struct bytes *stream)
{
	size_t at = 0, len;

	for (parts->nr = 0; parts->nr < PARTS_MOST; parts->nr++) {
		len = part_of(&parts->list[parts->nr], stream->at + at, stream->len - at);
		if (!len)
			break;
		at += len;
	}
	parts->rest = stream->at + at;
	parts->rest_size = stream->len - at;
}

static size_t put_padded(uint8_t *to, const uint8_t *from, size_t len)
{
	if (len)
		memcpy(to, from, len);
	memset(to + len, 0, padded(len) - len);
	return padded(len);
}

static size_t put_part(uint8_t *to, const struct part *part)
{
	size_t len = MDK_STREAM_RECORD;

	part_put(to, 2, part->kind);
	part_put(to + 2, 2, part->name_len);
	part_put(to + 4, 4, part->index);
	part_put(to + 8, 8, part->len);
	len += put_padded(to + len, part->name, part->name_size);
	return len + put_padded(to + len, part->data, part->size);
}

struct bytes parts_join(const struct parts *parts, bool ends)
{
	size_t len = parts->rest_size, i, at = 0;
	const struct part *last = parts->nr ? &parts->list[parts->nr - 1] : NULL;
	struct bytes stream;

	for (i = 0; i < parts->nr; i++)
		len += MDK_STREAM_RECORD + padded(parts->list[i].name_size) +
		       padded(parts->list[i].size);
	stream = bytes_room(len);
	for (i = 0; i < parts->nr; i++)
		at += put_part(stream.at + at, &parts->list[i]);
	if (ends && last && last->kind == MDK_STREAM_END && last->size == 8)
		part_put(stream.at + at - 8, 8, at);
	if (parts->rest_size)
		memcpy(stream.at + at, parts->rest, parts->rest_size);
	return stream;
}

/* What has a name goes by that alone: a later driver may have other rows before it. */
bool part_is(const struct part *part, const struct part *other)
{
	if (part->kind != other->kind || part->name_size != other->name_size)
		return false;
	return part->name_size ? !memcmp(part->name, other->name, part->name_size) :
				 part->index == other->index;
}

const struct user_save *part_row(const struct part *part)
{
	const struct user_rows *rows = device_info.rows;

	for (unsigned int i = 0; rows && i < rows->nr_saves; i++)
		if (strlen(rows->saves[i].name) == part->name_size &&
		    !memcmp(rows->saves[i].name, part->name, part->name_size))
			return &rows->saves[i];
	return NULL;
}
