// SPDX-License-Identifier: GPL-2.0-only
/*
 * An input that is played again has to give the same. If it does not, the driver's module may have
 * kept something, such as a count: so two children play it, both from what is there by now, and
 * only the memory that nobody has written differs, and whether tracepoints are on.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "player.h"

#define OTHER_FILL 0x5a
/* A module that keeps something makes every input differ: its inputs are not compared for ever. */
#define SECOND_THOUGHTS 32

void player_play_once(const struct events *events)
{
	user_virtual_reset(PLAYER_SEED, PLAYER_FILL);
	player_play(events, false);
}

/* A program that drives a descriptor of VFIO has no tracepoints at hand. */
#pragma weak user_trace

/* As it is at first, or in other surroundings: other bytes in memory, and tracepoints are on. */
static uint64_t play(const struct events *events, bool other)
{
	uint64_t hash;

	user_virtual_reset(PLAYER_SEED, other ? OTHER_FILL : PLAYER_FILL);
	if (user_trace)
		user_trace(other);
	hash = player_play(events, true);
	if (user_trace)
		user_trace(false);
	return hash;
}

struct second {
	const struct events *events;
	bool other;
	uint64_t *hash;
};

static void play_second(void *data)
{
	const struct second *second = data;

	*second->hash = play(second->events, second->other);
}

static void compare(const struct events *events)
{
	uint64_t *hash = mmap(NULL, 2 * sizeof(*hash), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct second first = { events, false, hash }, other = { events, true, hash + 1 };

	if (hash == MAP_FAILED)
		return;
	if (player_apart(play_second, &first) && player_apart(play_second, &other) &&
	    hash[0] != hash[1])
		finding("second run", "the same input gave other values, with other bytes in memory that nobody has written, and with tracepoints on: such memory was read, or a trace changed something");
	munmap(hash, 2 * sizeof(*hash));
}

void player_play_twice(const struct events *events)
{
	static unsigned int thoughts;
	uint64_t first = play(events, false);

	if (play(events, true) != first && thoughts++ < SECOND_THOUGHTS)
		compare(events);
}
