// SPDX-License-Identifier: GPL-2.0-only
/* Inputs: those of files, and behind them what is made of these, and of nothing, by the grammar. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "guest.h"

/* What libFuzzer has kept is not always an input: mutators begin anew then, and so does this. */
#define KEPT "corpus-"

static struct events *inputs;
static size_t nr_inputs;

/* Mutators ask for libFuzzer's, which is not in a guest. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* A kernel's comparisons are not seen from here. */
bool compared_wanted(uint32_t row, uint32_t *value)
{
	(void)row;
	(void)value;
	return false;
}

bool compared_constant(uint64_t *value)
{
	(void)value;
	return false;
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most)
{
	size_t at = size ? chance_below(size) : 0;

	(void)most;
	if (!size)
		return 0;
	if (chance_one_in(2))
		data[at] = chance();
	else
		data[at] ^= 1u << chance_below(8);
	return size;
}

size_t guest_files(void)
{
	return nr_inputs;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Of libFuzzer's own a file that is none is left out, without a word. */
static bool add_kept(const char *path)
{
	struct events events = { 0 };
	struct event_fault fault;
	char *text = calloc(1, 1 << 16);
	FILE *file = fopen(path, "r");
	size_t len = file && text ? fread(text, 1, 1 << 16, file) : 0;

	if (events_parse(&events, path, text, len, &fault) && events.nr)
		inputs[nr_inputs++] = events;
	else
		events_free(&events);
	if (file)
		fclose(file);
	free(text);
	return true;
}

static bool add_file(const char *folder, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!strncmp(name, KEPT, strlen(KEPT)))
		return add_kept(path);
	return file_read(path, &inputs[nr_inputs++]);
}

bool guest_read_inputs(const char *folder)
{
	struct dirent **list = NULL;
	int nr = scandir(folder, &list, is_input, alphasort), i;
	bool good = true;

	if (nr <= 0)
		return true;
	inputs = calloc(nr, sizeof(*inputs));
	good = inputs;
	for (i = 0; i < nr; i++) {
		good = good && add_file(folder, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return good;
}

/* What is changed is no longer than what is made. */
static struct events any_file(void)
{
	struct events copy = events_copy(&inputs[chance_below(nr_inputs)]);

	if (copy.nr > EVENTS_MOST)
		copy.nr = EVENTS_MOST;
	return copy;
}

/* A guest that begins, and works. */
static struct events fresh(void)
{
	uint32_t parts = 1 + chance_below(6), more;
	struct events events = { 0 };
	struct event *room = events_room(&events, 0, 1);

	if (room)
		room->kind = EVENT_OPEN;
	while (parts--) {
		grammar_sequence(&events, events.nr);
		for (more = chance_below(10); more; more--) {
			room = events_room(&events, events.nr, 1);
			if (room)
				grammar_event(room);
		}
	}
	return events;
}

struct events guest_input(uint64_t seed, uint64_t nr)
{
	struct events events, other;
	uint32_t times;

	if (nr < nr_inputs)
		return events_copy(&inputs[nr]);
	chance_seed((seed + 1) * 0xd1342543de82ef95ULL + nr);
	events = nr_inputs && !chance_one_in(3) ? any_file() : fresh();
	if (chance_one_in(4)) {
		other = nr_inputs && chance_one_in(2) ? any_file() : fresh();
		grammar_cross(&events, &other);
		events_free(&other);
	}
	for (times = chance_below(4); times; times--)
		grammar_mutate(&events);
	/* What a file says that a read gives holds in that file alone. */
	for (size_t i = 0; i < events.nr; i++)
		events.list[i].expects = false;
	return events;
}
