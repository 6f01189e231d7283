// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the driver has compared something, and it never came out otherwise, there is code that
 * nothing has reached. The shortest input that came to such a place is kept, and tried again and
 * again: libFuzzer alone would come back to it as often as to hundreds of others.
 */
#include <stdlib.h>
#include <string.h>

#include "grammar.h"

/* Places that one input is kept for. */
#define NEW_MOST 128u

/* @input: number of the last one that came to it. */
static struct place {
	uint8_t *data;
	uint32_t size, tries, input;
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

void frontier_at(uint32_t place)
{
	struct place *at = &inputs[place];

	if (at->input == input || nr_news == NEW_MOST || (at->data && at->size <= input_size))
		return;
	at->input = input;
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
