// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libFuzzer calls. $MDK_FUZZ_TYPE is the type of the device; the first one if it is not set.
 * $MDK_FUZZ_STRUCTURES is a file that says what the device reads from guest memory, structures.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "structures.h"

/*
 * One input in so many is played twice, and each that libFuzzer has kept; fewer, since two more
 * processes do it, for a second user too.
 */
#define TWICE 32
#define LATER 256
#define LATER_OF_KEPT 8

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed);

/* Bytes of an input; the command says no more to libFuzzer. */
#define INPUT_MOST 16384

/* The input that is played for all that can be looked at. */
static uint64_t thorough;

/*
 * libFuzzer makes a few inputs, each of the one before, and then begins with another. @last: the
 * hash of the last one. @base: what all of them are made of instead, and @place why: what is
 * compared there never came out otherwise; or if @exact, came out equal.
 */
static struct {
	uint64_t last;
	size_t base_size;
	uint32_t place;
	bool exact;
	uint8_t base[INPUT_MOST];
} chain;

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
	if (getenv("MDK_FUZZ_STRUCTURES") && !structures_read(getenv("MDK_FUZZ_STRUCTURES")))
		exit(3);
	player_watches = watch;
	shares_begin();
	return 0;
}

static uint64_t input_hash(const uint8_t *data, size_t size)
{
	uint64_t hash = hash_of(data, size);

	return hash ^ hash >> 32;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct events events = { 0 };
	struct event_fault fault;
	uint64_t hash = input_hash(data, size);

	states_begin();
	frontier_begin(size);
	exact_begin();
	if (events_parse(&events, "input", (const char *)data, size, &fault)) {
		compared_begin(hash, events.nr);
		if (hash % TWICE && hash != thorough)
			player_play_once(&events);
		else
			player_play_twice(&events);
		if (hash % (hash == thorough ? LATER_OF_KEPT : LATER) == 1)
			later_user(&events);
		frontier_keep(data, size);
		exact_keep(data, size);
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

static size_t choose_base(size_t most)
{
	size_t size = 0;

	most = most < INPUT_MOST ? most : INPUT_MOST;
	chain.exact = chance_one_in(3);
	if (chain.exact)
		size = exact_choose(chain.base, most, &chain.place);
	chain.exact = size;
	return size ? size : frontier_choose(chain.base, most, &chain.place);
}

/*
 * What the driver compares is known of the input that was played last alone, and libFuzzer begins
 * with one that it has kept. So many of these are played again as they are, all of them at first;
 * or one of the frontier is, in its place, and what comes next is made of that.
 */
static size_t begin_chain(uint8_t *data, size_t size, size_t most)
{
	uint64_t hash = input_hash(data, size);

	compared_hold(false);
	chain.base_size = 0;
	if (!size)
		return 0;
	if (shares_kept(hash)) {
		thorough = hash;
		return size;
	}
	if (!chance_one_in(4))
		chain.base_size = choose_base(most);
	if (chain.base_size)
		memcpy(data, chain.base, chain.base_size);
	else if (!chance_one_in(2))
		return 0;
	return chain.base_size ? chain.base_size : size;
}

static void change_events(struct events *events, bool known)
{
	if (known && chain.base_size && chain.exact) {
		answer_beside(events, chain.place);
		return;
	}
	if (known && !chance_one_in(chain.base_size ? 4 : 2))
		answer(events, chain.base_size && !chance_one_in(3) ? chain.place : UINT32_MAX);
	if (!known || chance_one_in(2))
		grammar_mutate(events);
}

/* Of the input at @data another one, which is played next. */
static size_t change(uint8_t *data, size_t size, size_t most)
{
	struct events events = parsed(data, size);

	change_events(&events, compared_is_of(input_hash(data, size)));
	size = events_print(&events, (char *)data, most);
	events_free(&events);
	chain.last = input_hash(data, size);
	shares_made(chain.last);
	return size;
}

/* Another one of the chain's base. */
static size_t again(uint8_t *data, size_t most)
{
	compared_hold(true);
	memcpy(data, chain.base, chain.base_size);
	return change(data, chain.base_size, most);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed)
{
	size_t as_it_is;

	chance_seed(seed);
	if (!chain.last || input_hash(data, size) != chain.last) {
		as_it_is = begin_chain(data, size, most);
		chain.last = as_it_is ? input_hash(data, as_it_is) : 0;
		if (as_it_is)
			return as_it_is;
	}
	return chain.base_size ? again(data, most) : change(data, size, most);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed)
{
	struct events events, other;
	size_t size;

	chance_seed(seed);
	/* libFuzzer has this called every other time, also amid a chain, and it is worth less. */
	if (chain.base_size && chain.base_size <= most && input_hash(one, one_size) == chain.last)
		return again(out, most);
	compared_hold(false);
	chain.base_size = 0;
	if (chance_one_in(3) && one_size <= most) {
		memcpy(out, one, one_size);
		return change(out, one_size, most);
	}
	events = parsed(one, one_size);
	other = parsed(two, two_size);
	grammar_cross(&events, &other);
	size = events_print(&events, (char *)out, most);
	events_free(&events);
	events_free(&other);
	chain.last = input_hash(out, size);
	shares_made(chain.last);
	return size;
}
