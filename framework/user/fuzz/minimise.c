// SPDX-License-Identifier: GPL-2.0-only
/* Delta debugging, by event: halves are left out, then quarters, then single ones. */
#include <stdio.h>
#include <string.h>

#include "minimise.h"
#include "try.h"

static bool same_verdict(const struct events *events, const char *key)
{
	struct verdict verdict;
	bool same;

	try_play(events, &verdict);
	same = verdict_same(verdict.key, key);
	verdict_free(&verdict);
	return same;
}

static void cut(struct events *events, size_t from, size_t nr)
{
	memmove(events->list + from, events->list + from + nr,
		(events->nr - from - nr) * sizeof(*events->list));
	events->nr -= nr;
}

/* @less, which is not needed any more, in place of @events if the verdict stays. */
static bool take(struct events *events, struct events less, const char *key)
{
	struct events not_needed = less;
	bool same = same_verdict(&less, key);

	if (same) {
		not_needed = *events;
		*events = less;
	}
	events_free(&not_needed);
	return same;
}

/* Leaves out @nr events from @from on, if the verdict stays. */
static bool without(struct events *events, size_t from, size_t nr, const char *key)
{
	struct events less = events_copy(events);

	cut(&less, from, nr);
	return take(events, less, key);
}

static bool drop_parts(struct events *events, size_t part, const char *key)
{
	bool dropped = false;
	size_t end = events->nr;

	/* From the end: what comes late needs what came before it. */
	while (end) {
		size_t from = end > part ? end - part : 0;

		dropped |= without(events, from, end - from, key);
		end = from;
	}
	return dropped;
}

/*
 * A map at address 0, where registers of addresses begin, and without the writes of its addresses
 * to them.
 */
static bool map_at_zero(struct events *events, size_t nr, const char *key)
{
	struct events less = events_copy(events);
	struct event map = less.list[nr];
	size_t i;

	less.list[nr].at = 0;
	for (i = less.nr; i--;)
		if (less.list[i].kind == EVENT_WRITE && less.list[i].value >= map.at &&
		    less.list[i].value - map.at < map.size)
			cut(&less, i, 1);
	if (less.nr < events->nr)
		return take(events, less, key);
	events_free(&less);
	return false;
}

/* A reset does for the driver what a close and an open do, and leaves the guest's memory mapped. */
static bool reset_for_close(struct events *events, size_t nr, const char *key)
{
	struct events less = events_copy(events);
	size_t i = nr;

	less.list[nr].kind = EVENT_RESET;
	while (i < less.nr && less.list[i].kind != EVENT_OPEN)
		i++;
	if (i < less.nr)
		cut(&less, i, 1);
	return take(events, less, key);
}

/* What is filled side by side is filled at once, where the one or the other was. */
static bool join(struct events *events, size_t one, size_t two, size_t place, const char *key)
{
	struct events less = events_copy(events);
	struct event *first = &less.list[one], *second = &less.list[two], whole = *first;

	if (first->at + first->len != second->at || first->len + second->len > EVENT_BYTES) {
		events_free(&less);
		return false;
	}
	memcpy(whole.data + whole.len, second->data, second->len);
	whole.len += second->len;
	less.list[place] = whole;
	cut(&less, place == one ? two : one, 1);
	return take(events, less, key);
}

static bool join_any(struct events *events, size_t nr, const char *key)
{
	size_t i;

	for (i = 0; i < events->nr; i++)
		if (i != nr && events->list[i].kind == EVENT_FILL &&
		    (join(events, nr, i, nr, key) || join(events, nr, i, i, key)))
			return true;
	return false;
}

/* Other events, of which fewer are needed. */
static bool rewrite(struct events *events, const char *key)
{
	bool changed = false;
	size_t i;

	for (i = 0; i < events->nr; i++) {
		if (events->list[i].kind == EVENT_MAP && events->list[i].at)
			changed |= map_at_zero(events, i, key);
		else if (events->list[i].kind == EVENT_CLOSE)
			changed |= reset_for_close(events, i, key);
		else if (events->list[i].kind == EVENT_FILL)
			changed |= join_any(events, i, key);
	}
	return changed;
}

/* Bytes behind the last one that counts, and numbers that may as well be zero. */
static void simplify(struct events *events, size_t nr, const char *key)
{
	struct event was = events->list[nr], *event = &events->list[nr];

	if (was.kind == EVENT_FILL) {
		while (event->len > 8) {
			event->len = event->len / 8 * 4;
			if (!same_verdict(events, key))
				break;
			was = *event;
		}
		*event = was;
		return;
	}
	if (was.kind != EVENT_WRITE && was.kind != EVENT_RUN)
		return;
	event->value = 0;
	if (was.value && !same_verdict(events, key))
		*event = was;
}

bool minimise(struct events *events)
{
	struct verdict verdict;
	size_t part, i;

	try_play(events, &verdict);
	try_again(&verdict);
	if (*verdict.key) {
		for (part = events->nr / 2; part > 1; part /= 2)
			drop_parts(events, part, verdict.key);
		do
			while (drop_parts(events, 1, verdict.key))
				;
		while (rewrite(events, verdict.key));
		for (i = 0; i < events->nr; i++)
			simplify(events, i, verdict.key);
		printf("# %s\n", verdict.key);
	}
	verdict_free(&verdict);
	return *verdict.key;
}
