// SPDX-License-Identifier: GPL-2.0-only
/*
 * An input that is played for a second user gives him what it would give on a new device. Two
 * children play it, both from what the driver's module has by now: one on the same device, the
 * other on a new one. So a thing that shows only behind a right step, such as a table behind an
 * index, is looked at too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "player.h"

/* Bytes that are written, for one child. */
#define SEEN_MOST (64ULL << 20)

struct times {
	const struct events *events;
	bool renewed;
	uint64_t *seen;
};

static void play_for_two(void *data)
{
	const struct times *times = data;

	user_virtual_reset(PLAYER_SEED, PLAYER_FILL);
	player_play_again(times->events, times->renewed, times->seen);
}

static void compare(const struct events *events, const uint64_t *same, const uint64_t *fresh)
{
	unsigned int nr = before_places(), place;
	char line[1700];
	size_t i;

	for (i = 0; i < events->nr * nr; i++) {
		if (same[i] == fresh[i])
			continue;
		place = i % nr;
		event_print(&events->list[i / nr], line, sizeof(line));
		before_found(place, line, same[i], fresh[i]);
	}
}

/* A file of the device stays as the administrator wrote it, and the parent is everybody's. */
static bool is_of_user(const struct events *events)
{
	for (size_t i = 0; i < events->nr; i++)
		if (events->list[i].kind == EVENT_ATTR || events->list[i].kind == EVENT_PARENT)
			return false;
	return true;
}

void later_user(const struct events *events)
{
	size_t size = events->nr * before_places() * sizeof(uint64_t);
	struct times same, fresh;
	uint64_t *seen;

	if (!size || size > SEEN_MOST || !is_of_user(events))
		return;
	seen = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return;
	same = (struct times){ events, false, seen };
	fresh = (struct times){ events, true, seen + size / sizeof(*seen) };
	if (player_apart(play_for_two, &same) && player_apart(play_for_two, &fresh))
		compare(events, same.seen, fresh.seen);
	munmap(seen, 2 * size);
}
