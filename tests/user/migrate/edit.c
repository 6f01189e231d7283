// SPDX-License-Identifier: GPL-2.0-only
/* Streams as somebody may change them: by what framework/model/stream.h says of them. */
#include "migrate.h"

#define RECORD 16

uint64_t stream_number(const uint8_t *at, unsigned int width)
{
	uint64_t val = 0;
	unsigned int i;

	for (i = 0; i < width; i++)
		val |= (uint64_t)at[i] << 8 * i;
	return val;
}

void stream_set(uint8_t *at, unsigned int width, uint64_t val)
{
	unsigned int i;

	for (i = 0; i < width; i++)
		at[i] = val >> 8 * i;
}

static size_t padded(size_t len)
{
	return (len + 7) & ~(size_t)7;
}

static size_t record_size(const uint8_t *record)
{
	return RECORD + padded(stream_number(record + 2, 2)) + padded(stream_number(record + 8, 8));
}

static uint8_t *record_of(const struct stream *s, const char *name)
{
	size_t at, len = strlen(name);

	for (at = 0; at < s->len; at += record_size(s->bytes + at))
		if (stream_number(s->bytes + at + 2, 2) == len &&
		    !memcmp(s->bytes + at + RECORD, name, len))
			return s->bytes + at;
	fprintf(stderr, "no record '%s'\n", name);
	failures++;
	return NULL;
}

uint8_t *stream_field(const struct stream *s, const char *name)
{
	uint8_t *record = record_of(s, name);

	return record ? record + RECORD + padded(strlen(name)) : NULL;
}

uint8_t *stream_length(const struct stream *s, const char *name)
{
	return record_of(s, name) + 8;
}

uint8_t *stream_of_kind(const struct stream *s, unsigned int kind)
{
	size_t at;

	for (at = 0; at < s->len; at += record_size(s->bytes + at))
		if (stream_number(s->bytes + at, 2) == kind)
			return s->bytes + at + RECORD;
	fprintf(stderr, "no record of kind %u\n", kind);
	failures++;
	return NULL;
}

#define WORKS_KIND 9

void stream_forget_works(struct stream *s)
{
	uint8_t *record;
	size_t at;

	for (at = 0; at < s->len; at += record_size(s->bytes + at)) {
		record = s->bytes + at;
		if (stream_number(record, 2) == WORKS_KIND)
			memset(record + RECORD, 0, stream_number(record + 8, 8));
	}
}

/* The end says how long the stream is. */
static void end_anew(struct stream *s)
{
	stream_set(s->bytes + s->len - 8, 8, s->len);
}

struct stream stream_without(const struct stream *s, const char *name)
{
	uint8_t *record = record_of(s, name);
	size_t at = record - s->bytes, size = record_size(record);
	struct stream copy = { .bytes = malloc(s->len), .len = s->len - size };

	memcpy(copy.bytes, s->bytes, at);
	memcpy(copy.bytes + at, record + size, s->len - at - size);
	end_anew(&copy);
	return copy;
}

struct stream stream_doubled(const struct stream *s, const char *name)
{
	uint8_t *record = record_of(s, name);
	size_t at = record - s->bytes, size = record_size(record);
	struct stream copy = { .bytes = malloc(s->len + size), .len = s->len + size };

	memcpy(copy.bytes, s->bytes, at + size);
	memcpy(copy.bytes + at + size, record, s->len - at);
	end_anew(&copy);
	return copy;
}

struct stream stream_resized(const struct stream *s, const char *name, uint64_t len, uint8_t fill)
{
	uint8_t *record = record_of(s, name), *data = stream_field(s, name);
	size_t at = data - s->bytes, old = stream_number(record + 8, 8);
	size_t rest = at + padded(old);
	struct stream copy = { .len = s->len - padded(old) + padded(len) };

	copy.bytes = calloc(1, copy.len);
	memcpy(copy.bytes, s->bytes, at);
	memset(copy.bytes + at, fill, len);
	memcpy(copy.bytes + at, data, old < len ? old : len);
	memcpy(copy.bytes + at + padded(len), s->bytes + rest, s->len - rest);
	stream_set(copy.bytes + (record - s->bytes) + 8, 8, len);
	end_anew(&copy);
	return copy;
}
