// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk decode: what a stream of a migration says, as text. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/args.h"
#include "lab/lab.h"
#include "model/stream.h"
#include "verbs.h"

/* Values in a line without --all; the rest is counted. */
#define SHOWN 8

static const struct kind {
	const char *name;
	u32 width;	/* of a value, in bytes */
	bool indexed;	/* by a region or a number */
} kinds[] = {
	[MDK_STREAM_REGS] = { "registers", 4, true },
	[MDK_STREAM_CONFIG] = { "config", 4, false },
	[MDK_STREAM_MSIX] = { "msix", 4, false },
	[MDK_STREAM_INTX] = { "intx", 4, false },
	[MDK_STREAM_COUNTERS] = { "counters", 8, false },
	[MDK_STREAM_STATS] = { "statistics", 8, true },
	[MDK_STREAM_EDID] = { "monitor", 4, false },
	[MDK_STREAM_WORKS] = { "workers", 4, false },
	[MDK_STREAM_STATE] = { "state", 1, false },
	[MDK_STREAM_RAM] = { "memory", 1, true },
	[MDK_STREAM_RING] = { "ring", 4, true },
	[MDK_STREAM_VIRTIO] = { "virtio", 4, false },
	[MDK_STREAM_VIRTIO_NET] = { "virtio-net", 4, false },
	[MDK_STREAM_BLOB] = { "blob", 1, false },
	[MDK_STREAM_END] = { "end", 8, false },
};

/* A name is anybody's: what is no letter is shown as a dot. */
static void print_name(const struct mdk_record *record)
{
	for (u32 i = 0; i < record->name_len; i++)
		putchar(isgraph((unsigned char)record->name[i]) ? record->name[i] : '.');
}

static u64 count_set(const struct mdk_record *record)
{
	u64 nr = 0;

	for (u64 i = 0; i < record->len; i++)
		nr += record->data[i] != 0;
	return nr;
}

/* CRC-32 as cksum's and zip's relatives have it (IEEE 802.3): two blobs are compared by it. */
static u32 crc32_of(const u8 *bytes, u64 len)
{
	u32 crc = ~0u;

	for (u64 i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* An offset and a value each, of those that are not zero. */
static void print_registers(const struct mdk_record *record)
{
	for (u64 at = 0; at + 8 <= record->len; at += 8) {
		u64 val = mdk_stream_get(record->data + at + 4, 4);

		if (val)
			printf(" 0x%llx=0x%llx", mdk_stream_get(record->data + at, 4), val);
	}
}

static void print_values(const struct mdk_record *record, u32 width, u64 most)
{
	for (u64 i = 0; i < most && (i + 1) * width <= record->len; i++)
		printf(" %llx", mdk_stream_get(record->data + i * width, width));
	if (record->len > most * width)
		printf(" ...");
}

/*
 * A stream does not say how wide the values of a row are. So many bytes are one value, as a rule;
 * what has a dot in its name is of MDK_SAVE_EACH(), and several.
 */
static void print_number(const struct mdk_record *record)
{
	bool each = memchr(record->name, '.', record->name_len);

	if (!each && (record->len == 2 || record->len == 4 || record->len == 8))
		printf(" (as one number: %llu)", mdk_stream_get(record->data, record->len));
}

static void print_record(const struct mdk_record *record, bool all)
{
	const struct kind *kind = &kinds[record->kind < LAB_ARRAY_SIZE(kinds) ? record->kind : 0];

	if (!kind->name) {
		printf("unknown    kind %u, %llu bytes\n", record->kind, record->len);
		return;
	}
	printf("%-10s ", kind->name);
	if (kind->indexed)
		printf("%u, ", record->index);
	print_name(record);
	printf("%s%llu bytes, ", record->name_len ? ", " : "", record->len);
	if (record->kind == MDK_STREAM_BLOB)
		printf("crc32 %08x:", crc32_of(record->data, record->len));
	else
		printf("%llu not zero:", count_set(record));
	if (record->kind == MDK_STREAM_REGS)
		print_registers(record);
	else
		print_values(record, kind->width, all ? record->len / kind->width : SHOWN);
	if (record->kind == MDK_STREAM_STATE)
		print_number(record);
	putchar('\n');
}

static void print_head(const struct mdk_stream_head *head)
{
	printf("model      %s\ntype       %s\nversion    %u\npci        %04x:%04x\ncost      ",
	       head->model, head->type, head->version, head->id & 0xffff, head->id >> 16);
	for (u32 i = 0; i < MDK_BUDGETS_MAX; i++)
		if (!i || head->costs[i])
			printf(" %u", head->costs[i]);
	putchar('\n');
}

/* Return: NULL, or what is wrong. */
static const char *print_stream(struct mdk_stream *stream, bool all)
{
	struct mdk_stream_head head;
	struct mdk_record record = { 0 };
	const char *wrong = mdk_stream_open(stream, &head);

	if (wrong)
		return wrong;
	print_head(&head);
	while (!(wrong = mdk_stream_next(stream, &record)))
		print_record(&record, all);
	if (*wrong)
		return wrong;
	return record.kind == MDK_STREAM_END ? NULL : "it has no end";
}

int cmd_decode(const struct args *args)
{
	struct mdk_stream stream = { 0 };
	const char *wrong;
	size_t len = 0;
	char *file;

	if (!args->operand) {
		lab_error("decode needs the file of a stream: mdev-sdk decode FILE");
		return LAB_USAGE;
	}
	file = lab_read_file(args->operand, &len);
	if (!file) {
		lab_errno("cannot read %s", args->operand);
		return LAB_CANNOT;
	}
	stream.bytes = (const u8 *)file;
	stream.len = len;
	wrong = print_stream(&stream, args->all);
	if (wrong)
		lab_error("%s: byte %llu of %llu: %s", args->operand, stream.at, stream.len, wrong);
	free(file);
	return wrong ? LAB_FOUND : LAB_OK;
}
