// SPDX-License-Identifier: GPL-2.0-only
/* Makes a comparison of the driver's equal: what the input has of one number becomes the other. */
#include <string.h>

#include "grammar.h"

/* Places in the input that may be where a number came from. */
#define FOUND_MOST 64u

/* What of an event a driver may get to compare; @len: bytes. */
static uint8_t *bytes_of(struct event *event, uint32_t *len)
{
	switch (event->kind) {
	case EVENT_FILL:
		*len = event->len;
		return event->data;
	case EVENT_WRITE:
	case EVENT_POKE:
		*len = event->width;
		return (uint8_t *)&event->value;
	case EVENT_ATTR:
		*len = 4;
		return (uint8_t *)&event->value;
	default:
		*len = 0;
		return NULL;
	}
}

/* Those that the driver has got last come first. */
static uint32_t find(struct events *events, size_t last, uint64_t is, uint32_t width,
		     uint8_t **found)
{
	uint32_t nr = 0, len, at;
	size_t i;

	for (i = last + 1; i-- && nr < FOUND_MOST;) {
		uint8_t *bytes = bytes_of(&events->list[i], &len);

		/* Single bytes are a frame's or a string's, and those of numbers are everywhere. */
		if (width == 1 && events->list[i].kind != EVENT_FILL)
			continue;
		for (at = 0; at + width <= len && nr < FOUND_MOST; at += width)
			if (!memcmp(bytes + at, &is, width))
				found[nr++] = bytes + at;
	}
	return nr;
}

static void answer_by_value(struct events *events, size_t last, const struct compared *pair,
			    uint64_t wants)
{
	uint8_t *found[FOUND_MOST];
	uint32_t width = pair->width, nr, i;

	/* The driver's copy may be wider than what it was copied from. */
	while (width > 1 && !((pair->is | wants) >> 4 * width) && chance_one_in(3))
		width /= 2;
	nr = find(events, last, pair->is, width, found);
	if (!nr)
		return;
	i = chance_one_in(2) ? chance_below(nr) : chance_below(nr < 4 ? nr : 4);
	memcpy(found[i], &wants, width);
}

static bool is_written(const struct event *event, const struct compared *pair)
{
	return event->kind == EVENT_WRITE && event->region == pair->region &&
	       event->at == pair->offset && event->width == 4;
}

/* The last write to the register, or a new one amid the events before. */
static struct event *write_of(struct events *events, size_t last, const struct compared *pair)
{
	struct event *event;
	size_t i;

	for (i = last + 1; i--;)
		if (is_written(&events->list[i], pair))
			return &events->list[i];
	i = chance_one_in(2) ? last : 1 + chance_below(last);
	event = last ? events_room(events, i, 1) : NULL;
	if (!event)
		return NULL;
	*event = (struct event){ .kind = EVENT_WRITE, .region = pair->region, .at = pair->offset,
				 .width = 4 };
	return event;
}

static void answer_by_register(struct events *events, size_t last, const struct compared *pair,
			       uint64_t wants)
{
	struct event *event = write_of(events, last, pair);
	uint32_t mask = (pair->lower ? 0xffffu : ~0u) & ~0u << pair->shift;

	if (event)
		event->value = (event->value & ~mask) | ((uint32_t)wants << pair->shift & mask);
}

static bool is_writable(const struct compared *pair)
{
	const struct user_reg *reg = player_reg_at(pair->region, pair->offset);

	return reg && reg->mask;
}

void answer(struct events *events)
{
	const struct compared *pair = compared_any();
	uint64_t wants;
	size_t last;

	if (!pair || !events->nr)
		return;
	last = pair->event < events->nr ? pair->event : events->nr - 1;
	wants = pair->wants;
	/* Just beside it is what a check of bounds lets through, or does not. */
	if (chance_one_in(3))
		wants += chance_one_in(2) ? 1 : -1;
	if (pair->of_register && is_writable(pair) && !chance_one_in(4))
		answer_by_register(events, last, pair, wants);
	else
		answer_by_value(events, last, pair, wants);
}
