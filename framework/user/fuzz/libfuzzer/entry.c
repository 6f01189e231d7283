// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libFuzzer calls. $MDK_FUZZ_TYPE is the type of the device; the first one if it is not set.
 */
#include <stdio.h>
#include <stdlib.h>

#include "grammar.h"

/* One input in so many is played twice; fewer, since it takes longer, for a second user too. */
#define TWICE 16
#define LATER 256

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void watch(struct user_device *dev)
{
	states_watch(dev);
	compared_next_event();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	player_found = abort;
	user_on_bug(abort);
	if (!player_begin(getenv("MDK_FUZZ_TYPE")))
		exit(3);
	player_watches = watch;
	return 0;
}

uint64_t hash_of(const uint8_t *data, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	while (size--)
		hash = (hash ^ *data++) * 0x100000001b3ULL;
	return hash ^ hash >> 32;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct events events = { 0 };
	struct event_fault fault;
	uint64_t hash = hash_of(data, size);

	states_begin();
	compared_begin(hash);
	if (events_parse(&events, "input", (const char *)data, size, &fault)) {
		if (hash % TWICE)
			player_play_once(&events);
		else
			player_play_twice(&events);
		if (hash % LATER == 1)
			later_user(&events);
	}
	events_free(&events);
	return 0;
}
