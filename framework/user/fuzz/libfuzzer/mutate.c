// SPDX-License-Identifier: GPL-2.0-only
/* How one input becomes another, for libFuzzer: by event. */
#include <stdlib.h>
#include <string.h>

#include "structures.h"

/* libFuzzer's own, which knows what comparisons the driver has made. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static size_t any(const struct events *events)
{
	return chance_below(events->nr);
}

/* Changes */

static void change_value(struct event *event)
{
	uint32_t half = 16 * chance_below(2);

	switch (chance_below(6)) {
	case 5:
		/* Registers of two numbers are many. */
		event->value &= ~(0xffffULL << half);
		event->value |= (value_small() & 0xffff) << half;
		break;
	case 0:
		event->value ^= 1ULL << chance_below(32);
		break;
	case 1:
		event->value += chance_one_in(2) ? 1 : -1;
		break;
	case 2:
		event->value = value_small();
		break;
	case 3:
		LLVMFuzzerMutate((uint8_t *)&event->value, 4, 4);
		break;
	default:
		event->value = value_for(~0u);
	}
}

/* A number that is there already becomes one beside it. */
static void nudge(uint8_t *bytes, uint32_t len)
{
	uint32_t tries, at, value;

	for (tries = 0; tries < 16; tries++) {
		at = chance_below(len / 4) * 4;
		memcpy(&value, bytes + at, 4);
		if (!value)
			continue;
		value += chance_one_in(3) ? value_small() : chance_one_in(2) ? 1u : -1u;
		memcpy(bytes + at, &value, 4);
		return;
	}
}

static void put_pointer(struct event *event, const struct events *events)
{
	uint64_t address = value_pointer(events, event->at, event->len);
	uint32_t at = chance_below(event->len / 4) * 4 & ~7u;

	memcpy(event->data + at, &address, at + 8 <= event->len ? 8 : 4);
}

static void change_bytes(struct event *event, const struct events *events)
{
	const struct structure *structure = structure_of(event);
	uint32_t at, small = value_small();

	if (event->len < 4)
		return;
	if (structure && chance_one_in(2)) {
		structure_change(event, structure, events);
		return;
	}
	at = chance_below(event->len / 4) * 4;
	switch (chance_below(6)) {
	case 0:
		LLVMFuzzerMutate(event->data, event->len, event->len);
		break;
	case 1:
		put_pointer(event, events);
		break;
	case 2:
		event->data[at + chance_below(4)] ^= 1u << chance_below(8);
		break;
	case 3:
		nudge(event->data, event->len);
		break;
	default:
		memcpy(event->data + at, &small, 4);
	}
}

void grammar_change_fill(struct events *events, size_t last)
{
	uint32_t nr = 0;
	size_t i, at = 0;

	for (i = last + 1; i-- && nr < 4;)
		if (events->list[i].kind == EVENT_FILL && chance_one_in(++nr))
			at = i;
	if (nr)
		change_bytes(&events->list[at], events);
}

static void change_place(struct event *event)
{
	switch (chance_below(4)) {
	case 0:
		event->at += chance_one_in(2) ? 4 : -4;
		break;
	case 1:
		event->at += chance_below(16) - 8;
		break;
	case 2:
		event->width = 1u << chance_below(4);
		break;
	default:
		event->region = chance_below(PLAYER_REGIONS);
	}
}

static void change(struct events *events)
{
	struct event *event = &events->list[any(events)];

	switch (event->kind) {
	case EVENT_FILL:
		change_bytes(event, events);
		break;
	case EVENT_READ:
	case EVENT_WRITE:
	case EVENT_PEEK:
	case EVENT_POKE:
		if (chance_one_in(5) || event->kind == EVENT_READ)
			change_place(event);
		else
			change_value(event);
		break;
	case EVENT_ATTR:
		change_value(event);
		event->value &= UINT32_MAX;
		break;
	default:
		grammar_event(event);
	}
}

static void drop(struct events *events)
{
	size_t at = any(events), nr = chance_one_in(4) ? 1 + chance_below(8) : 1;

	events_drop(events, at, nr < events->nr - at ? nr : events->nr - at);
}

static void repeat(struct events *events)
{
	size_t from = any(events), nr = chance_one_in(3) ? 1 + chance_below(8) : 1, to, i;
	struct event copy[8], *room;

	nr = nr < events->nr - from ? nr : events->nr - from;
	memcpy(copy, events->list + from, nr * sizeof(*copy));
	to = chance_one_in(2) ? from + nr : any(events);
	room = events_room(events, to, nr);
	for (i = 0; room && i < nr; i++)
		room[i] = copy[i];
}

static void exchange(struct events *events)
{
	size_t one = any(events), two = any(events);
	struct event was = events->list[one];

	events->list[one] = events->list[two];
	events->list[two] = was;
}

/* Behind what is there more often than amid it: what was reached stays so. */
static size_t somewhere(const struct events *events)
{
	return !events->nr || chance_one_in(2) ? events->nr : any(events) + 1;
}

static void insert(struct events *events)
{
	struct event *room = events_room(events, somewhere(events), 1);

	if (room)
		grammar_event(room);
}

static void insert_sequence(struct events *events)
{
	grammar_sequence(events, somewhere(events));
}

/* How often each, of 100: shares.c says how good they are. */
static const struct {
	unsigned int share;
	enum share way;
	void (*mutate)(struct events *events);
} ways[] = {
	{ 30, SHARE_CHANGE, change },	{ 16, SHARE_INSERT, insert },
	{ 20, SHARE_SEQUENCE, insert_sequence }, { 18, SHARE_DROP, drop },
	{ 10, SHARE_REPEAT, repeat },	{ 6, SHARE_EXCHANGE, exchange },
};

static void mutate(struct events *events)
{
	uint32_t at = chance_below(100), i;

	for (i = 0; at >= ways[i].share; i++)
		at -= ways[i].share;
	if (!events->nr) {
		insert_sequence(events);
		return;
	}
	shares_gone(ways[i].way);
	ways[i].mutate(events);
}

/* An input that opens nothing says nothing. */
static void begin_with_open(struct events *events)
{
	struct event *room;

	if (events->nr && events->list[0].kind == EVENT_OPEN)
		return;
	room = events_room(events, 0, 1);
	if (room)
		room->kind = EVENT_OPEN;
}

void grammar_mutate(struct events *events)
{
	uint32_t times;

	for (times = 1 + chance_below(chance_one_in(3) ? 8 : 3); times; times--)
		mutate(events);
	begin_with_open(events);
}

void grammar_cross(struct events *events, const struct events *other)
{
	size_t from, nr;
	struct event *room;

	shares_gone(SHARE_CROSS);
	if (events->nr && chance_one_in(2))
		events->nr = 1 + any(events);
	/* All of the other one: what it does, in the state that this one has reached. */
	from = !other->nr ? 0 : chance_one_in(3) ? other->nr > 1 : any(other);
	nr = other->nr - from;
	if (nr && chance_one_in(2))
		nr = 1 + chance_below(nr);
	room = events_room(events, events->nr, nr);
	if (room)
		memcpy(room, other->list + from, nr * sizeof(*room));
	begin_with_open(events);
}
