// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for a stream that a device gives, whatever it has loaded before. */
#include <stdio.h>
#include <string.h>

#include "stream.h"

/* The virtio device's record of a device that nobody has used. */
static struct part queues;

static const char *const kinds[] = {
	[MDK_STREAM_HEAD] = "head", [MDK_STREAM_REGS] = "registers",
	[MDK_STREAM_CONFIG] = "configuration space", [MDK_STREAM_MSIX] = "MSI-X table",
	[MDK_STREAM_INTX] = "INTx", [MDK_STREAM_COUNTERS] = "counters",
	[MDK_STREAM_STATS] = "statistics", [MDK_STREAM_EDID] = "monitor",
	[MDK_STREAM_WORKS] = "workers", [MDK_STREAM_STATE] = "state", [MDK_STREAM_RAM] = "memory",
	[MDK_STREAM_RING] = "ring", [MDK_STREAM_VIRTIO] = "virtio device",
	[MDK_STREAM_VIRTIO_NET] = "virtio network card", [MDK_STREAM_BLOB] = "blob",
};

/* "state 'ports.head'", "ring (2)". Only a stream that was written has a name that is none. */
static const char *words_of(const struct part *part)
{
	const char *kind = part->kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[part->kind] : NULL;
	static char words[160];
	size_t size = part->name_size < 64 ? part->name_size : 64, i;

	if (!size) {
		snprintf(words, sizeof(words), "%s (%u)",
			 kind ? kind : part->kind == MDK_STREAM_END ? "end" : "record", part->index);
		return words;
	}
	snprintf(words, sizeof(words), "%s '%.*s'", kind ? kind : "record", (int)size,
		 (const char *)part->name);
	for (i = 0; words[i]; i++)
		if (words[i] < ' ' || words[i] > '~')
			words[i] = '.';
	return words;
}

static void look_at_state(const struct part *part, const char *when)
{
	const struct user_save *row = part_row(part);
	uint64_t value;
	size_t at;

	if (!row)
		finding("saved state", "%s: %s is of no row of MDK_SAVES()", when, words_of(part));
	if (part->size != row->size * row->count)
		finding("saved state", "%s: %s has %zu bytes, its row %llu", when, words_of(part),
			part->size, (unsigned long long)(row->size * row->count));
	for (at = 0; at < part->size; at += row->size) {
		value = part_number(part->data + at, row->size);
		if (value < row->min || value > row->max)
			finding("saved state", "%s: %s has the value 0x%llx at %zu, and its row is 0x%llx to 0x%llx: a host that loads it refuses it",
				when, words_of(part), (unsigned long long)value, at,
				(unsigned long long)row->min, (unsigned long long)row->max);
	}
}

/* Where a ring of the SDK's is, and its ends: run/access/ring_save.c. */
static void look_at_ring(const struct part *part, const char *when)
{
	uint32_t runs = part_number(part->data, 4), size = part_number(part->data + 12, 4);
	uint32_t ahead = part_number(part->data + 20, 4) - part_number(part->data + 16, 4);

	if (runs && (!size || ahead > size))
		finding("saved state", "%s: %s has %u places, and its guest is %u ahead", when,
			words_of(part), size, ahead);
}

/* Of a virtio device: 40 bytes of its own, then as many of each queue: run/virtio/save.c. */
#define VIRTIO_PIECE 40u
#define QUEUE_SIZE 4u

/* A queue is as long as that of a new device, or shorter. */
static void look_at_queues(const struct part *part, const char *when)
{
	size_t at;
	uint32_t size, most;

	for (at = VIRTIO_PIECE; at + VIRTIO_PIECE <= part->size && part->size == queues.size;
	     at += VIRTIO_PIECE) {
		size = part_number(part->data + at + QUEUE_SIZE, 2);
		most = part_number(queues.data + at + QUEUE_SIZE, 2);
		if (!size || size & (size - 1) || size > most)
			finding("saved state", "%s: %s has a queue of %u places, and %u are the most",
				when, words_of(part), size, most);
	}
}

/* Of a network card, behind 24 bytes: two filters, each 8 bytes and addresses: net_save.c. */
#define NET_FILTERS 24u

static void look_at_filters(const struct part *part, const char *when)
{
	size_t each = (part->size - NET_FILTERS) / 2, at;
	uint32_t nr;

	for (at = NET_FILTERS; at + each <= part->size; at += each) {
		nr = part_number(part->data + at, 4);
		if (nr > (each - 8) / 6)
			finding("saved state", "%s: %s has a filter of %u addresses, and room for %zu",
				when, words_of(part), nr, (each - 8) / 6);
	}
}

/* Shorter records are seen for that. */
static const struct {
	uint32_t kind;
	size_t least;
	void (*look)(const struct part *part, const char *when);
} looks[] = {
	{ MDK_STREAM_STATE, 0, look_at_state },
	{ MDK_STREAM_RING, 32, look_at_ring },
	{ MDK_STREAM_VIRTIO, VIRTIO_PIECE, look_at_queues },
	{ MDK_STREAM_VIRTIO_NET, NET_FILTERS + 16, look_at_filters },
};

static void look_at_part(const struct part *part, const char *when)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (part->kind == looks[i].kind && part->size >= looks[i].least)
			looks[i].look(part, when);
}

void look_learn(const struct bytes *fresh)
{
	struct parts parts;

	parts_of(&parts, fresh);
	for (size_t i = 0; i < parts.nr; i++)
		if (parts.list[i].kind == MDK_STREAM_VIRTIO)
			queues = parts.list[i];
}

void look_at_saved(const struct bytes *saved, const char *when)
{
	struct parts parts;
	const struct part *last;

	parts_of(&parts, saved);
	last = parts.nr ? &parts.list[parts.nr - 1] : NULL;
	if (!last || parts.rest_size || parts.list[0].kind != MDK_STREAM_HEAD ||
	    last->kind != MDK_STREAM_END || last->size != 8 ||
	    part_number(last->data, 8) != saved->len)
		finding("saved stream", "%s: %zu bytes are no whole stream", when, saved->len);
	for (size_t i = 0; i < parts.nr; i++)
		look_at_part(&parts.list[i], when);
}

static const struct part *find(const struct parts *parts, const struct part *like)
{
	for (size_t i = 0; i < parts->nr; i++)
		if (part_is(&parts->list[i], like))
			return &parts->list[i];
	return NULL;
}

/* How long a blob is the driver says; of an older driver there may be fewer registers. */
static bool may_be_longer(const struct part *part)
{
	return part->kind == MDK_STREAM_REGS || part->kind == MDK_STREAM_BLOB;
}

/* What is in it is the device's. */
void look_at_taken(const struct bytes *saved, const struct bytes *loaded)
{
	struct parts is, was;
	const struct part *part, *own;
	size_t i;

	parts_of(&is, saved);
	parts_of(&was, loaded);
	if (was.rest_size)
		finding("loaded stream", "it was taken, and behind its last whole record are %zu bytes",
			was.rest_size);
	for (i = 0; i < was.nr; i++) {
		part = &was.list[i];
		own = find(&is, part);
		if (!own || (part->size != own->size && !may_be_longer(part)) ||
		    find(&was, part) != part)
			finding("loaded stream", "it was taken with %s, which has %zu bytes, is there twice, or is not of the device",
				words_of(part), part->size);
	}
}

void look_at_same(const struct bytes *is, const struct bytes *was, const char *text)
{
	struct parts parts, other;
	size_t i, at;

	if (bytes_same(is, was))
		return;
	parts_of(&parts, is);
	parts_of(&other, was);
	for (i = 0; i < parts.nr && i < other.nr; i++)
		if (!part_is(&parts.list[i], &other.list[i]) ||
		    parts.list[i].size != other.list[i].size ||
		    memcmp(parts.list[i].data, other.list[i].data, parts.list[i].size))
			break;
	if (i == parts.nr || i == other.nr)
		finding("saved stream", "%s; the two have %zu and %zu bytes", text, is->len, was->len);
	for (at = 0; at < parts.list[i].size && at < other.list[i].size; at++)
		if (parts.list[i].data[at] != other.list[i].data[at])
			break;
	finding("saved stream", "%s; the first to differ is %s, byte %zu", text,
		words_of(&parts.list[i]), at);
}
