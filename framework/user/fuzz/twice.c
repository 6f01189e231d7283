// SPDX-License-Identifier: GPL-2.0-only
/*
 * An input that is played again has to give the same. If it does not, the driver's module may have
 * kept something, such as a count: so two children play it, both from what is there by now, and
 * only the memory that nobody has written differs.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "player.h"

#define FILL 0xa5
#define OTHER_FILL 0x5a
/* A module that keeps something makes every input differ: its inputs are not compared for ever. */
#define SECOND_THOUGHTS 32

void player_play_once(const struct events *events)
{
	user_virtual_reset(PLAYER_SEED, FILL);
	player_play(events, false);
}

struct second {
	const struct events *events;
	int fill;
	uint64_t *hash;
};

static void play(void *data)
{
	const struct second *second = data;

	user_virtual_reset(PLAYER_SEED, second->fill);
	*second->hash = player_play(second->events, true);
}

static void compare(const struct events *events)
{
	uint64_t *hash = mmap(NULL, 2 * sizeof(*hash), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct second first = { events, FILL, hash }, other = { events, OTHER_FILL, hash + 1 };

	if (hash == MAP_FAILED)
		return;
	if (player_apart(play, &first) && player_apart(play, &other) && hash[0] != hash[1])
		finding("second run", "the same input gave other values, with other bytes in memory that nobody has written: such memory was read");
	munmap(hash, 2 * sizeof(*hash));
}

void player_play_twice(const struct events *events)
{
	static unsigned int thoughts;
	uint64_t first;

	user_virtual_reset(PLAYER_SEED, FILL);
	first = player_play(events, true);
	user_virtual_reset(PLAYER_SEED, OTHER_FILL);
	if (player_play(events, true) != first && thoughts++ < SECOND_THOUGHTS)
		compare(events);
}
