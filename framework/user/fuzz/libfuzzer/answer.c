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

/* As a device that is big-endian has it. */
static uint64_t swapped(uint64_t value, uint32_t width)
{
	return width > 1 ? __builtin_bswap64(value) >> (64 - 8 * width) : value;
}

/* Two numbers as they may be in memory. */
struct numbers {
	uint64_t is, wants;
	uint32_t width;
};

static struct numbers numbers_of(const struct compared *pair, uint64_t wants)
{
	struct numbers numbers = { .is = pair->is, .wants = wants, .width = pair->width };

	/* The driver's copy may be wider than what it was copied from. */
	while (numbers.width > 1 && !((numbers.is | wants) >> 4 * numbers.width) &&
	       chance_one_in(3))
		numbers.width /= 2;
	if (chance_one_in(4)) {
		numbers.is = swapped(numbers.is, numbers.width);
		numbers.wants = swapped(wants, numbers.width);
	}
	return numbers;
}

static bool answer_by_value(struct events *events, size_t last, const struct compared *pair,
			    uint64_t wants)
{
	struct numbers numbers = numbers_of(pair, wants);
	uint8_t *found[FOUND_MOST];
	uint32_t nr, i;

	nr = find(events, last, numbers.is, numbers.width, found);
	if (!nr)
		return false;
	i = chance_one_in(2) ? chance_below(nr) : chance_below(nr < 4 ? nr : 4);
	memcpy(found[i], &numbers.wants, numbers.width);
	return true;
}

/* Where the driver has read the number: what stands there need not have been filled. */
static bool answer_by_place(struct events *events, size_t last, const struct compared *pair,
			    uint64_t wants)
{
	struct numbers numbers = numbers_of(pair, wants);

	return guest_reads_put(events, last, numbers.is, numbers.wants, numbers.width);
}

/* Another number anywhere that it reads. */
static bool fill_a_place(struct events *events, size_t last)
{
	uint64_t value = value_small();
	uint32_t width = 1u << chance_below(4);

	switch (chance_below(4)) {
	case 0:
		if (compared_constant(&value))
			value += chance_below(3) - 1;
		break;
	case 1:
		value = width == 8 ? value_pointer(events, 0, 0) : value_for(~0u);
		break;
	case 2:
		value = ~value;
		break;
	}
	return guest_reads_put_any(events, last, value, width);
}

/* The number at @bytes, of @width, is so much more. */
static void add_to(uint8_t *bytes, uint32_t width, uint64_t more)
{
	uint64_t value = 0;

	memcpy(&value, bytes, width);
	value += more;
	memcpy(bytes, &value, width);
}

static uint8_t *number_in(struct event *event, uint32_t width)
{
	uint32_t len = 0, tries, at;
	uint8_t *bytes = bytes_of(event, &len);
	uint64_t value;

	for (tries = 0; len >= width && tries < 8; tries++) {
		at = chance_below(len / width) * width;
		value = 0;
		memcpy(&value, bytes + at, width);
		if (value)
			return bytes + at;
	}
	return NULL;
}

/*
 * What is compared may be a number less another one, or some of its bits: it changes as the number
 * does. That is one of those that are not zero, in memory or registers, and late.
 */
static bool answer_by_difference(struct events *events, size_t last, const struct compared *pair,
				 uint64_t wants)
{
	uint32_t width = chance_one_in(3) ? 8 : chance_one_in(6) ? 2 : 4, tries;
	uint8_t *number = NULL;
	size_t back;

	if (chance_one_in(2) && guest_reads_add(events, last, wants - pair->is, width))
		return true;
	for (tries = 0; !number && tries < 8; tries++) {
		back = chance_below(chance_one_in(2) ? 4 : last + 1);
		number = number_in(&events->list[back < last ? last - back : 0], width);
	}
	if (number)
		add_to(number, width, wants - pair->is);
	return number;
}

static bool is_written(const struct event *event, uint32_t region, uint32_t offset)
{
	return event->kind == EVENT_WRITE && event->region == region && event->at == offset &&
	       event->width == 4;
}

/* The last write to the register, or a new one amid the events before. */
static struct event *write_of(struct events *events, size_t last, uint32_t region, uint32_t offset)
{
	struct event *event;
	size_t i;

	for (i = last + 1; i--;)
		if (is_written(&events->list[i], region, offset))
			return &events->list[i];
	/* The first one opens the device. */
	if (!last)
		return NULL;
	i = chance_one_in(2) ? last : 1 + chance_below(last);
	event = events_room(events, i, 1);
	if (!event)
		return NULL;
	*event = (struct event){ .kind = EVENT_WRITE, .region = region, .at = offset, .width = 4 };
	return event;
}

static bool is_writable(const struct compared *pair)
{
	const struct user_reg *reg = player_reg_at(pair->region, pair->offset);

	return reg && reg->mask;
}

static bool answer_by_register(struct events *events, size_t last, const struct compared *pair,
			       uint64_t wants)
{
	struct event *event;
	uint32_t mask;

	if (!pair->of_register || !is_writable(pair))
		return false;
	event = write_of(events, last, pair->region, pair->offset);
	if (!event)
		return false;
	mask = (pair->bits < 32 ? (1u << pair->bits) - 1 : ~0u) << pair->shift;
	event->value = (event->value & ~mask) | ((uint32_t)wants << pair->shift & mask);
	return true;
}

/* What the driver reads at a time it needs at a time: registers of one event of the input's. */
static bool answer_reads(struct events *events)
{
	uint32_t nr, i, first, at;
	const struct compared_read *reads = compared_reads(&nr);
	const struct user_reg *reg;
	struct event *event;
	uint64_t keep;

	if (!nr)
		return false;
	first = chance_below(nr);
	at = reads[first].event < events->nr ? reads[first].event : events->nr - 1;
	for (i = 0; i < nr; i++) {
		if (reads[i].event != reads[first].event || chance_one_in(2))
			continue;
		reg = &device_info.rows->regs[reads[i].row];
		event = write_of(events, at, reg->region, reg->offset);
		if (!event)
			continue;
		/* Many are of two halves. */
		keep = !event->value || chance_one_in(2) ? 0 : 0xffffu << 16 * chance_below(2);
		event->value = (event->value & keep) | (grammar_value(reads[i].row) & ~keep);
	}
	return true;
}

/* A number with which that comes of the comparison which never did, if it is known. */
static uint64_t aim(const struct compared *pair, uint8_t lacks)
{
	uint64_t more = chance_one_in(2) ? 1 : value_small();

	if (lacks && !chance_one_in(4))
		lacks &= 1u << chance_below(3);
	else
		lacks = chance_one_in(3) ? chance_one_in(2) ? COMPARED_LESS : COMPARED_MORE :
					   COMPARED_EQUAL;
	if (lacks & COMPARED_LESS && pair->wants)
		return pair->wants - (more && more <= pair->wants ? more : 1);
	if (lacks & COMPARED_MORE)
		return pair->wants + (more ? more : 1);
	return pair->wants;
}

/* The ways to the number in the order in which they are tried; how often, of 12. */
static const struct {
	enum share share;
	uint8_t often, of_zero;
	bool (*way)(struct events *events, size_t last, const struct compared *pair,
		    uint64_t wants);
} ways[] = {
	{ SHARE_REGISTER, 9, 2, answer_by_register },
	{ SHARE_MEMORY, 6, 2, answer_by_place },
	{ SHARE_VALUE, 9, 3, answer_by_value },
	{ SHARE_DIFFERENCE, 12, 12, answer_by_difference },
};

/* Zero is in all registers and everywhere in memory, and mostly a part of another number. */
static void bring_about(struct events *events, const struct compared *pair, uint64_t wants)
{
	size_t last = pair->event < events->nr ? pair->event : events->nr - 1;
	uint32_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (chance_below(12) < (pair->is ? ways[i].often : ways[i].of_zero) &&
		    ways[i].way(events, last, pair, wants)) {
			shares_gone(ways[i].share);
			return;
		}
}

static void change_memory(struct events *events, size_t last)
{
	if (!chance_one_in(2) || !fill_a_place(events, last))
		grammar_change_fill(events, last);
}

void answer(struct events *events, uint32_t place)
{
	uint8_t lacks = 0;
	const struct compared *pair = compared_any(place, &lacks);

	if (!pair || !events->nr)
		return;
	if (chance_one_in(5) && answer_reads(events)) {
		shares_gone(SHARE_READS);
		return;
	}
	/* What was found equal may have hidden what comes next: another number there. */
	if (chance_one_in(5)) {
		shares_gone(SHARE_FILL);
		change_memory(events, pair->event < events->nr ? pair->event : events->nr - 1);
		return;
	}
	bring_about(events, pair, aim(pair, lacks));
}

void answer_beside(struct events *events, uint32_t place)
{
	uint64_t wants = 0;
	const struct compared *pair = compared_beside(place, &wants);

	if (pair && events->nr)
		bring_about(events, pair, wants);
}
