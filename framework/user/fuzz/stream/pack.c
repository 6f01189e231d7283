// SPDX-License-Identifier: GPL-2.0-only
/*
 * A card has megabytes of memory, and most of it is zero: libFuzzer, which keeps thousands of
 * inputs and copies each many times, has such a stream without them. Behind a word that no stream
 * begins with come pieces: 4 bytes say how many follow, 4 how many zeroes come behind these.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

#define PACKED_WORD 0x4b434150u
#define PIECE 8u
/* Fewer zeroes are no piece. */
#define GAP 64u

struct bytes bytes_room(size_t len)
{
	struct bytes bytes = { .at = malloc(len + 1), .len = len };

	if (bytes.at)
		return bytes;
	fprintf(stderr, "mdk-fuzz: no memory for a stream of %zu bytes [U45]\n", len);
	exit(3);
}

struct bytes bytes_copy(const uint8_t *at, size_t len)
{
	struct bytes bytes = bytes_room(len);

	memcpy(bytes.at, at, len);
	return bytes;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->at);
	*bytes = (struct bytes){ 0 };
}

bool bytes_same(const struct bytes *one, const struct bytes *two)
{
	return one->len == two->len && !memcmp(one->at, two->at, one->len);
}

/* Of a piece at @data: what it is, cut to what is there and to what a stream may have. */
static void read_piece(const uint8_t *data, size_t left, size_t len, uint32_t *bytes,
		       uint32_t *zeroes)
{
	size_t most = STREAM_MOST - len;

	*bytes = part_number(data, 4);
	*zeroes = part_number(data + 4, 4);
	if (*bytes > left - PIECE)
		*bytes = left - PIECE;
	if (*bytes > most)
		*bytes = most;
	if (*zeroes > most - *bytes)
		*zeroes = most - *bytes;
}

static size_t unpacked_size(const uint8_t *data, size_t size)
{
	uint32_t bytes, zeroes;
	size_t at, len = 0;

	for (at = 4; at + PIECE <= size; at += PIECE + bytes) {
		read_piece(data + at, size - at, len, &bytes, &zeroes);
		len += (size_t)bytes + zeroes;
	}
	return len;
}

struct bytes stream_unpack(const uint8_t *data, size_t size)
{
	uint32_t bytes, zeroes;
	struct bytes stream;
	size_t at, len = 0;

	if (size < 4 || part_number(data, 4) != PACKED_WORD)
		return bytes_copy(data, size);
	stream = bytes_room(unpacked_size(data, size));
	for (at = 4; at + PIECE <= size; at += PIECE + bytes) {
		read_piece(data + at, size - at, len, &bytes, &zeroes);
		memcpy(stream.at + len, data + at + PIECE, bytes);
		memset(stream.at + len + bytes, 0, zeroes);
		len += (size_t)bytes + zeroes;
	}
	return stream;
}

/* Zeroes from @at on. */
static size_t zeroes_at(const struct bytes *stream, size_t at)
{
	size_t end = at;
	uint64_t word;

	while (end + 8 <= stream->len) {
		memcpy(&word, stream->at + end, 8);
		if (word)
			break;
		end += 8;
	}
	while (end < stream->len && !stream->at[end])
		end++;
	return end - at;
}

/* Where the next run of zeroes begins that is worth a piece, and how long it is. */
static size_t next_gap(const struct bytes *stream, size_t at, size_t *zeroes)
{
	for (; at < stream->len; at += *zeroes + 1) {
		*zeroes = zeroes_at(stream, at);
		if (*zeroes >= GAP)
			return at;
	}
	*zeroes = 0;
	return stream->len;
}

size_t stream_pack(const struct bytes *stream, uint8_t *out, size_t most)
{
	size_t at = 0, len = 4, gap, zeroes;

	if (stream->len <= STREAM_PACKED && stream->len <= most) {
		memcpy(out, stream->at, stream->len);
		return stream->len;
	}
	if (most < len)
		return 0;
	part_put(out, 4, PACKED_WORD);
	for (; at < stream->len; at = gap + zeroes) {
		gap = next_gap(stream, at, &zeroes);
		if (most - len < PIECE || most - len - PIECE < gap - at)
			return 0;
		part_put(out + len, 4, gap - at);
		part_put(out + len + 4, 4, zeroes);
		memcpy(out + len + PIECE, stream->at + at, gap - at);
		len += PIECE + (gap - at);
	}
	return len;
}

/* Each input is looked at so several times, word by word: not under AddressSanitizer. */
__attribute__((no_sanitize("address"))) static uint64_t word_at(const uint8_t *at, size_t left)
{
	uint64_t word = 0;

	if (left >= 8)
		return *(const uint64_t *)at;
	memcpy(&word, at, left);
	return word;
}

__attribute__((no_sanitize("address"))) uint64_t stream_hash(const struct bytes *stream)
{
	uint64_t hash = stream->len * 0x9e3779b97f4a7c15ULL, word;
	size_t at;

	for (at = 0; at < stream->len; at += 8) {
		word = word_at(stream->at + at, stream->len - at);
		if (word)
			hash = (hash ^ word ^ at) * 0x100000001b3ULL, hash ^= hash >> 29;
	}
	return hash ^ hash >> 32;
}
