// SPDX-License-Identifier: GPL-2.0-only
/* How one input becomes another, for libFuzzer: by event. */
#include <stdlib.h>
#include <string.h>

#include "grammar.h"

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

static void change_bytes(struct event *event)
{
	uint64_t address = value_address();
	uint32_t at, small = value_small();

	if (event->len < 4)
		return;
	at = chance_below(event->len / 4) * 4;
	switch (chance_below(5)) {
	case 0:
		LLVMFuzzerMutate(event->data, event->len, event->len);
		break;
	case 1:
		at &= ~7u;
		memcpy(event->data + at, &address, at + 8 <= event->len ? 8 : 4);
		break;
	case 2:
		event->data[at + chance_below(4)] ^= 1u << chance_below(8);
		break;
	default:
		memcpy(event->data + at, &small, 4);
	}
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
		change_bytes(event);
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

static void mutate(struct events *events)
{
	static void (*const ways[])(struct events *events) = {
		change, change, change, change, insert, insert, insert_sequence, insert_sequence,
		drop, drop, repeat, exchange,
	};

	if (!events->nr)
		insert_sequence(events);
	else
		ways[chance_below(sizeof(ways) / sizeof(ways[0]))](events);
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

	if (events->nr && chance_one_in(2))
		events->nr = 1 + any(events);
	from = other->nr ? any(other) : 0;
	nr = other->nr - from;
	if (nr && chance_one_in(2))
		nr = 1 + chance_below(nr);
	room = events_room(events, events->nr, nr);
	if (room)
		memcpy(room, other->list + from, nr * sizeof(*room));
	begin_with_open(events);
}
