// SPDX-License-Identifier: GPL-2.0-only
/*
 * An input that is played again has to give the same. If it does not, the driver's module may have
 * kept something, such as a count: so two children play it, both from what is there by now, and
 * only the memory that nobody has written differs, and whether tracepoints are on.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "player.h"

#define SEED 0x6d64656b66757a7aULL
#define FILL 0xa5
#define OTHER_FILL 0x5a
/* A module that keeps something makes every input differ: its inputs are not compared for ever. */
#define SECOND_THOUGHTS 32

void player_play_once(const struct events *events)
{
	user_virtual_reset(SEED, FILL);
	player_play(events, false);
}

/* A program that drives a descriptor of VFIO has no tracepoints at hand. */
#pragma weak user_trace

/* As it is at first, or in other surroundings: other bytes in memory, and tracepoints are on. */
static uint64_t play(const struct events *events, bool other)
{
	uint64_t hash;

	user_virtual_reset(SEED, other ? OTHER_FILL : FILL);
	if (user_trace)
		user_trace(other);
	hash = player_play(events, true);
	if (user_trace)
		user_trace(false);
	return hash;
}

static uint64_t play_apart(const struct events *events, bool other, uint64_t *hash)
{
	pid_t child;
	int status = 0;

	fflush(NULL);
	child = fork();
	if (!child) {
		*hash = play(events, other);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 0;
	/* Its report is printed. */
	if (status)
		player_found();
	return *hash;
}

static void compare(const struct events *events)
{
	uint64_t *hash = mmap(NULL, sizeof(*hash), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t first;

	if (hash == MAP_FAILED)
		return;
	first = play_apart(events, false, hash);
	if (play_apart(events, true, hash) != first)
		finding("second run", "the same input gave other values, with other bytes in memory that nobody has written, and with tracepoints on: such memory was read, or a trace changed something");
	munmap(hash, sizeof(*hash));
}

void player_play_twice(const struct events *events)
{
	static unsigned int thoughts;
	uint64_t first = play(events, false);

	if (play(events, true) != first && thoughts++ < SECOND_THOUGHTS)
		compare(events);
}
