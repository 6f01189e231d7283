// SPDX-License-Identifier: GPL-2.0-only
/* The stream of a migration, as bytes: see stream.h. */
#include "plain.h"
#include "stream.h"

u64 mdk_stream_get(const u8 *from, u32 width)
{
	u64 val = 0;
	u32 i;

	for (i = 0; i < width; i++)
		val |= (u64)from[i] << 8 * i;
	return val;
}

void mdk_stream_set(u8 *to, u32 width, u64 val)
{
	u32 i;

	for (i = 0; i < width; i++)
		to[i] = val >> 8 * i;
}

/* Reading */

static bool mdk_is_zero(const u8 *bytes, u64 len)
{
	while (len && !bytes[len - 1])
		len--;
	return !len;
}

/* Return: the bytes that fill up what is @len long are zero. */
static bool mdk_is_filled(const u8 *bytes, u64 len)
{
	return mdk_is_zero(bytes + len, mdk_stream_pad(len) - len);
}

const char *mdk_stream_next(struct mdk_stream *stream, struct mdk_record *record)
{
	const u8 *bytes = stream->bytes + stream->at;
	u64 left = stream->len - stream->at, name;

	if (!left)
		return "";
	if (left < MDK_STREAM_RECORD)
		return "it ends amid the head of a record";
	*record = (struct mdk_record){
		.kind = mdk_stream_get(bytes, 2), .name_len = mdk_stream_get(bytes + 2, 2),
		.index = mdk_stream_get(bytes + 4, 4), .len = mdk_stream_get(bytes + 8, 8),
	};
	left -= MDK_STREAM_RECORD;
	name = mdk_stream_pad(record->name_len);
	if (left < name || record->len > left - name || mdk_stream_pad(record->len) > left - name)
		return "it ends amid a record";
	record->name = (const char *)bytes + MDK_STREAM_RECORD;
	record->data = bytes + MDK_STREAM_RECORD + name;
	if (!mdk_is_filled((const u8 *)record->name, record->name_len) ||
	    !mdk_is_filled(record->data, record->len))
		return "what fills up a record is not zero";
	stream->at += MDK_STREAM_RECORD + name + mdk_stream_pad(record->len);
	return NULL;
}

bool mdk_record_is(const struct mdk_record *record, const char *name)
{
	return strlen(name) == record->name_len && !memcmp(name, record->name, record->name_len);
}

/* Where the members of a head lie in its data. */
#define HEAD_VERSION 16
#define HEAD_ID 20
#define HEAD_COSTS 24
#define HEAD_MODEL (HEAD_COSTS + 4 * MDK_BUDGETS_MAX)
#define HEAD_TYPE (HEAD_MODEL + 64)

/* Names are printed, and anybody's bytes are not. */
static bool mdk_is_name(const char *name, u32 size)
{
	u32 i;

	for (i = 0; i < size && name[i]; i++)
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	return i < size;
}

static const char *mdk_head_get(const struct mdk_record *record, struct mdk_stream_head *head)
{
	const u8 *data = record->data;
	u32 i;

	if (record->len != MDK_STREAM_HEAD_SIZE || mdk_stream_get(data + 8, 8) != MDK_STREAM_FORMAT)
		return "it is in another format";
	head->version = mdk_stream_get(data + HEAD_VERSION, 4);
	head->id = mdk_stream_get(data + HEAD_ID, 4);
	for (i = 0; i < MDK_BUDGETS_MAX; i++)
		head->costs[i] = mdk_stream_get(data + HEAD_COSTS + 4 * i, 4);
	memcpy(head->model, data + HEAD_MODEL, sizeof(head->model));
	memcpy(head->type, data + HEAD_TYPE, sizeof(head->type));
	if (!mdk_is_name(head->model, sizeof(head->model)) ||
	    !mdk_is_name(head->type, sizeof(head->type)))
		return "a name in its head is none";
	return NULL;
}

const char *mdk_stream_open(struct mdk_stream *stream, struct mdk_stream_head *head)
{
	const u8 *bytes = stream->bytes;
	struct mdk_record record;
	const char *wrong;

	if (stream->len < MDK_STREAM_HEAD_RECORD || mdk_stream_get(bytes, 8) != MDK_STREAM_HEAD ||
	    mdk_stream_get(bytes + MDK_STREAM_RECORD, 8) != MDK_STREAM_MAGIC)
		return "it is no stream of this SDK";
	wrong = mdk_stream_next(stream, &record);
	return wrong ? wrong : mdk_head_get(&record, head);
}

/* Writing */

void mdk_stream_put_bytes(struct mdk_stream_out *out, const void *bytes, u64 len)
{
	if (out->bytes && len && len <= out->size && out->at <= out->size - len)
		memcpy(out->bytes + out->at, bytes, len);
	out->at += len;
}

void mdk_stream_put(struct mdk_stream_out *out, u32 width, u64 val)
{
	u8 bytes[8];

	mdk_stream_set(bytes, width, val);
	mdk_stream_put_bytes(out, bytes, width);
}

void mdk_stream_put_zero(struct mdk_stream_out *out, u64 len)
{
	while (len--)
		mdk_stream_put(out, 1, 0);
}

void mdk_stream_fill(struct mdk_stream_out *out)
{
	mdk_stream_put_zero(out, mdk_stream_pad(out->at) - out->at);
}

void mdk_stream_begin(struct mdk_stream_out *out, u32 kind, u32 index, const char *name, u64 len)
{
	u32 name_len = name ? strlen(name) : 0;

	mdk_stream_put(out, 2, kind);
	mdk_stream_put(out, 2, name_len);
	mdk_stream_put(out, 4, index);
	mdk_stream_put(out, 8, len);
	mdk_stream_put_bytes(out, name, name_len);
	mdk_stream_fill(out);
}

void mdk_stream_put_head(struct mdk_stream_out *out, const struct mdk_stream_head *head)
{
	u32 i;

	mdk_stream_begin(out, MDK_STREAM_HEAD, 0, NULL, MDK_STREAM_HEAD_SIZE);
	mdk_stream_put(out, 8, MDK_STREAM_MAGIC);
	mdk_stream_put(out, 8, MDK_STREAM_FORMAT);
	mdk_stream_put(out, 4, head->version);
	mdk_stream_put(out, 4, head->id);
	for (i = 0; i < MDK_BUDGETS_MAX; i++)
		mdk_stream_put(out, 4, head->costs[i]);
	mdk_stream_put_bytes(out, head->model, sizeof(head->model));
	mdk_stream_put_bytes(out, head->type, sizeof(head->type));
	mdk_stream_fill(out);
}
