// SPDX-License-Identifier: GPL-2.0-only
/* A stream with which something was found, cut down: records and bytes that it does not need. */
#include <stdio.h>
#include <string.h>

#include "../try.h"
#include "stream.h"

static void play_one(const void *data)
{
	stream_play(data, true);
}

static bool is_found(const struct bytes *stream, const char *key)
{
	struct verdict verdict;
	bool same;

	try_run(play_one, stream, &verdict);
	same = verdict_same(verdict.key, key);
	verdict_free(&verdict);
	return same;
}

/* @less in the place of @stream, if it is found too. */
static bool take(struct bytes *stream, struct bytes less, const char *key)
{
	struct bytes not_needed = less;
	bool found = !bytes_same(stream, &less) && is_found(&less, key);

	if (found) {
		not_needed = *stream;
		*stream = less;
	}
	bytes_free(&not_needed);
	return found;
}

static bool without(struct bytes *stream, size_t nr, const char *key)
{
	struct parts parts;

	parts_of(&parts, stream);
	memmove(&parts.list[nr], &parts.list[nr + 1], (parts.nr - nr - 1) * sizeof(*parts.list));
	parts.nr--;
	return take(stream, parts_join(&parts, true), key);
}

/* What a record says is zero, if that does as well. */
static bool zeroed(struct bytes *stream, size_t nr, const char *key)
{
	struct bytes less = bytes_copy(stream->at, stream->len);
	struct parts parts;

	parts_of(&parts, &less);
	memset(less.at + (parts.list[nr].data - less.at), 0, parts.list[nr].size);
	return take(stream, less, key);
}

static void cut(struct bytes *stream, const char *key)
{
	struct parts parts;
	size_t i;

	parts_of(&parts, stream);
	for (i = parts.nr; i--;)
		if (parts.nr > 1)
			without(stream, i, key);
	parts_of(&parts, stream);
	for (i = parts.nr; i--;)
		if (parts.list[i].kind != MDK_STREAM_HEAD && parts.list[i].kind != MDK_STREAM_END)
			zeroed(stream, i, key);
}

struct bytes stream_cut(const struct bytes *stream, char *key, size_t size)
{
	struct bytes least = { 0 };
	struct verdict verdict;

	try_run(play_one, stream, &verdict);
	try_again(&verdict);
	snprintf(key, size, "%s", verdict.key);
	verdict_free(&verdict);
	if (!*key)
		return least;
	least = bytes_copy(stream->at, stream->len);
	cut(&least, key);
	return least;
}
