/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stream of a migration, as bytes: records behind each other, all numbers little-endian.
 *
 *   2 bytes  kind, of enum mdk_stream_kind
 *   2 bytes  length of the name that follows, without what fills it up
 *   4 bytes  index: of a region, or 0; of what has a name nobody looks at it
 *   8 bytes  length of the data behind the name, likewise
 *   name and data, each filled up with zero bytes to a multiple of 8
 *
 * The first record is the head, the last one the end, and behind that there is nothing. Whoever
 * reads one reads anybody's bytes: mdk_stream_next() gives out only what lies inside of it.
 */
#ifndef MDK_STREAM_H
#define MDK_STREAM_H

#include <mdk/type.h>
#include <mdk/types.h>

/* Numbers stay for ever. */
enum mdk_stream_kind {
	MDK_STREAM_HEAD = 1,
	/* Of a table of registers: an offset and a value each, 4 bytes both. */
	MDK_STREAM_REGS = 2,
	/* Bytes of the configuration space. */
	MDK_STREAM_CONFIG = 3,
	/* Words of the MSI-X table. */
	MDK_STREAM_MSIX = 4,
	/* 4 bytes: 1 if INTx is asserted. */
	MDK_STREAM_INTX = 5,
	/* The counters of 64 bits: value and latched half, 8 bytes both. */
	MDK_STREAM_COUNTERS = 6,
	/* Numbers of a region of statistics, 8 bytes each. */
	MDK_STREAM_STATS = 7,
	/* The monitor. */
	MDK_STREAM_EDID = 8,
	/* Workers: 1 if it is queued, and in how many milliseconds it runs, 4 bytes both. */
	MDK_STREAM_WORKS = 9,
	/* Values of a row of MDK_SAVES(), by its name. */
	MDK_STREAM_STATE = 10,
	/* Bytes of a region of memory. */
	MDK_STREAM_RAM = 11,
	/* Where a ring is: run/access/ring_save.c. */
	MDK_STREAM_RING = 12,
	/* A virtio device, and a network card of that kind: run/virtio/save.c, net_save.c. */
	MDK_STREAM_VIRTIO = 13,
	MDK_STREAM_VIRTIO_NET = 14,
	/* All bytes of a blob of MDK_SAVES(), by its name. */
	MDK_STREAM_BLOB = 15,
	MDK_STREAM_END = 255,
};

/* "mdkmigr1" */
#define MDK_STREAM_MAGIC 0x317267696d6b646dULL
#define MDK_STREAM_FORMAT 1
#define MDK_STREAM_RECORD 16

/**
 * struct mdk_stream_head - what two hosts must agree on
 * @version: mdk_model.save_version of the driver that wrote it
 * @id: PCI vendor, and device in the upper half
 * @costs: of the type
 * @model: its name
 * @type: the type's name
 */
struct mdk_stream_head {
	u32 version;
	u32 id;
	u32 costs[MDK_BUDGETS_MAX];
	char model[64];
	char type[64];
};

/* Bytes of the head's data, and of its whole record. */
#define MDK_STREAM_HEAD_SIZE (24 + 4 * MDK_BUDGETS_MAX + 128)
#define MDK_STREAM_HEAD_RECORD (MDK_STREAM_RECORD + MDK_STREAM_HEAD_SIZE)

/**
 * struct mdk_record - a record, by what is in the stream
 * @name: not terminated; @name_len characters
 */
struct mdk_record {
	u32 kind;
	u32 index;
	const char *name;
	u32 name_len;
	const u8 *data;
	u64 len;
};

/* What is read: @at is where the next record begins. */
struct mdk_stream {
	const u8 *bytes;
	u64 len;
	u64 at;
};

/* What is written: with @bytes NULL it is only counted. Never more than @size bytes. */
struct mdk_stream_out {
	u8 *bytes;
	u64 size;
	u64 at;
};

static inline u64 mdk_stream_pad(u64 len)
{
	return (len + 7) & ~7ULL;
}

u64 mdk_stream_get(const u8 *from, u32 width);
void mdk_stream_set(u8 *to, u32 width, u64 val);

/* Return: NULL and *@record, or what is wrong there. Behind the last record: "" */
const char *mdk_stream_next(struct mdk_stream *stream, struct mdk_record *record);

/* The first record. Return: NULL and *@head, whose names are terminated, or what is wrong. */
const char *mdk_stream_open(struct mdk_stream *stream, struct mdk_stream_head *head);

bool mdk_record_is(const struct mdk_record *record, const char *name);

/* A record without its data, which mdk_stream_put() and mdk_stream_put_bytes() fill in. */
void mdk_stream_begin(struct mdk_stream_out *out, u32 kind, u32 index, const char *name, u64 len);
void mdk_stream_put(struct mdk_stream_out *out, u32 width, u64 val);
void mdk_stream_put_bytes(struct mdk_stream_out *out, const void *bytes, u64 len);
void mdk_stream_put_zero(struct mdk_stream_out *out, u64 len);
/* Zero bytes up to a multiple of 8: the data has ended. */
void mdk_stream_fill(struct mdk_stream_out *out);
void mdk_stream_put_head(struct mdk_stream_out *out, const struct mdk_stream_head *head);

#endif /* MDK_STREAM_H */
