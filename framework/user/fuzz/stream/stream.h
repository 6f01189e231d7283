/* SPDX-License-Identifier: GPL-2.0-only */
/* Streams of a migration as inputs: docs/guide/fuzzing-streams.md. */
#ifndef FUZZ_STREAM_H
#define FUZZ_STREAM_H

#include "../player.h"
#include "model/stream.h"

/* Bytes of a stream that is played, and of one on its way to another host as libFuzzer has it. */
#define STREAM_MOST (64u << 20)
#define PACKED_MOST (1u << 20)
/* One that is longer has memory in it: then it is kept without its zeroes... */
#define STREAM_PACKED (1u << 14)
/* ...and what is done with all of it is done less often. */
#define STREAM_LARGE (1u << 18)

/**
 * struct bytes - a stream, or another run of bytes
 * @at: malloc()ed
 * @len: bytes of it
 */
struct bytes {
	uint8_t *at;
	size_t len;
};

void bytes_free(struct bytes *bytes);
/* Ends the process without memory. */
struct bytes bytes_room(size_t len);
struct bytes bytes_copy(const uint8_t *at, size_t len);
bool bytes_same(const struct bytes *one, const struct bytes *two);

/* pack.c: libFuzzer keeps what has memory in it without its zeroes. */
struct bytes stream_unpack(const uint8_t *data, size_t len);
/* Return: bytes that were written to @out; 0: more than @most. */
size_t stream_pack(const struct bytes *stream, uint8_t *out, size_t most);
/* The same for the same stream, however it is kept. */
uint64_t stream_hash(const struct bytes *stream);

/**
 * struct part - a record as it is, whether or not its lengths are right
 * @kind: of enum mdk_stream_kind
 * @index: of its head
 * @name_len: that its head says
 * @len: likewise
 * @name: bytes there, @name_size of them
 * @data: likewise, @size of them
 */
struct part {
	uint32_t kind, index, name_len;
	uint64_t len;
	const uint8_t *name, *data;
	size_t name_size, size;
};

#define PARTS_MOST 256u

/* Records of a stream, and behind them @rest, which is none. */
struct parts {
	struct part list[PARTS_MOST];
	size_t nr;
	const uint8_t *rest;
	size_t rest_size;
};

/* parts.c: as far as there are whole records. What comes of it points into @stream. */
void parts_of(struct parts *parts, const struct bytes *stream);
/* @ends: the last record says where it ends. */
struct bytes parts_join(const struct parts *parts, bool ends);
bool part_is(const struct part *part, const struct part *other);
/* The row of MDK_SAVES() that it is of; NULL: of none. */
const struct user_save *part_row(const struct part *part);
uint64_t part_number(const uint8_t *at, uint32_t width);
void part_put(uint8_t *at, uint32_t width, uint64_t value);

/* look.c: what a new device gives, which stays; what holds for a stream that one has given */
void look_learn(const struct bytes *fresh);
void look_at_saved(const struct bytes *saved, const char *when);
/* It was given by a device that has loaded @loaded. */
void look_at_taken(const struct bytes *saved, const struct bytes *loaded);
/* @text: what is wrong if the two are not the same. */
void look_at_same(const struct bytes *is, const struct bytes *was, const char *text);

/* change.c: another stream of that one, and with records of @other, which may be NULL. */
struct bytes stream_change(const struct bytes *stream, const struct bytes *other);

/* good.c: inputs whose stream was taken, as libFuzzer has them, by the hash of the stream */
void good_keep(const uint8_t *data, size_t size, uint64_t hash);
bool good_is(uint64_t hash);
/* Any; NULL: there is none. */
const struct bytes *good_choose(void);

/* recipes.c: what a guest has done, as events; what it does afterwards */
void recipes_make(void);
unsigned int recipes_nr(void);
const struct events *recipe_at(unsigned int nr);

/* play.c: learns what a new device gives. False, with a message: it cannot be migrated. */
bool stream_learn(void);
/* @thorough: all that can be looked at, whatever it costs. Return: the device took it. */
bool stream_play(const struct bytes *stream, bool thorough);
/* What a device gives behind the first @nr events of a recipe. */
struct bytes stream_of(const struct events *recipe, size_t nr);

/* cut.c: the least part of it with the same finding. Return: that, empty if there is none. */
struct bytes stream_cut(const struct bytes *stream, char *key, size_t size);

/* modes.c: what the command asks for; does not return. NULL: it is libFuzzer's. */
void stream_modes(int argc, char **argv);

#endif /* FUZZ_STREAM_H */
