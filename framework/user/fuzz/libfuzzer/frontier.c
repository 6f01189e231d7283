// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the driver has compared something, and it never came out otherwise, there is code that
 * nothing has reached. The shortest input that came to such a place is kept, of those with another
 * number there than zero, which is in memory that nobody has written; and it is tried again and
 * again: libFuzzer alone would come back to it as often as to hundreds of others.
 */
#include <stdlib.h>
#include <string.h>

#include "grammar.h"

/* Places that one input is kept for. */
#define NEW_MOST 128u

/*
 * @input: number of the last one that came to it.
 * @kept_tells: the one that is kept has another number there than zero
 * @tells: that last one has
 */
static struct place {
	uint8_t *data;
	uint32_t size, tries, input;
	bool kept_tells, tells;
} inputs[COMPARED_PLACES];
static uint32_t known[COMPARED_PLACES], nr_known;
static uint32_t news[NEW_MOST], nr_news;
static uint32_t input_size, input;

void frontier_begin(size_t size)
{
	input_size = size;
	input++;
	nr_news = 0;
}

static bool is_better(const struct place *at, bool tells)
{
	if (!at->data || tells != at->kept_tells)
		return !at->data || tells;
	return input_size < at->size;
}

void frontier_at(uint32_t place, bool tells)
{
	struct place *at = &inputs[place];

	if (at->input == input) {
		at->tells |= tells;
		return;
	}
	if (nr_news == NEW_MOST || !is_better(at, tells))
		return;
	at->input = input;
	at->tells = tells;
	news[nr_news++] = place;
}

static void keep(uint32_t place, const uint8_t *data, size_t size)
{
	struct place *at = &inputs[place];
	uint8_t *copy = malloc(size);

	if (!copy)
		return;
	memcpy(copy, data, size);
	if (!at->data)
		known[nr_known++] = place;
	free(at->data);
	at->data = copy;
	at->size = size;
	at->kept_tells = at->tells;
}

void frontier_keep(const uint8_t *data, size_t size)
{
	for (; nr_news && size; nr_news--)
		keep(news[nr_news - 1], data, size);
}

/* The one of a few that has been tried least. */
size_t frontier_choose(uint8_t *data, size_t most, uint32_t *place)
{
	struct place *best = NULL, *one;
	uint32_t i, at;

	for (i = 0; nr_known && i < 8; i++) {
		at = known[chance_below(nr_known)];
		one = &inputs[at];
		if (!compared_lacks(at) || one->size > most || (best && one->tries >= best->tries))
			continue;
		best = one;
		*place = at;
	}
	if (!best)
		return 0;
	best->tries++;
	memcpy(data, best->data, best->size);
	return best->size;
}
