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
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed);

static void watch(struct user_device *dev, const struct event *event)
{
	(void)event;
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

static uint64_t hash_of(const uint8_t *data, size_t size)
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

static struct events parsed(const uint8_t *data, size_t size)
{
	struct events events = { 0 };
	struct event_fault fault;

	/* What libFuzzer makes of its own is no text: from its beginning, then. */
	if (!events_parse(&events, "input", (const char *)data, size, &fault))
		events.nr = 0;
	if (events.nr > EVENTS_MOST)
		events.nr = EVENTS_MOST;
	/* What a read gave in a seed, it need not give once anything before it is another. */
	for (size_t i = 0; i < events.nr; i++)
		events.list[i].expects = false;
	return events;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed)
{
	struct events events = parsed(data, size);
	bool known = compared_is_of(hash_of(data, size));

	chance_seed(seed);
	if (known && chance_one_in(2))
		answer(&events);
	if (!known || chance_one_in(2))
		grammar_mutate(&events);
	size = events_print(&events, (char *)data, most);
	events_free(&events);
	return size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed)
{
	struct events events = parsed(one, one_size), other = parsed(two, two_size);
	size_t size;

	chance_seed(seed);
	grammar_cross(&events, &other);
	size = events_print(&events, (char *)out, most);
	events_free(&events);
	events_free(&other);
	return size;
}
