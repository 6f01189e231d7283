// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behind an exact value other limits may hold, and what the same event compares beside it has been
 * seen on both sides of its limits long before: nothing tells then that the two were never together.
 * So an input with which a comparison with a constant came out equal for the first time is kept, and
 * for a while made again with the rest at its limits, the newest one first.
 */
#include <stdlib.h>
#include <string.h>

#include "grammar.h"

#define INPUTS 256u
#define NEW_MOST 16u
/* How often one is tried, and how many inputs a choice of it makes: libFuzzer's chains are so long. */
#define TRIES 96u
#define CHAIN 4u

/* A ring: who has not been done when another one needs the place is not done. */
static struct met {
	uint8_t *data;
	uint32_t size, place, tries;
} inputs[INPUTS];
static uint32_t nr_inputs;
static uint32_t news[NEW_MOST], nr_news;

void exact_begin(void)
{
	nr_news = 0;
}

void exact_at(uint32_t place)
{
	if (nr_news < NEW_MOST)
		news[nr_news++] = place;
}

static void keep(uint32_t place, const uint8_t *data, size_t size)
{
	struct met *met = &inputs[nr_inputs % INPUTS];
	uint8_t *copy = malloc(size);

	if (!copy)
		return;
	memcpy(copy, data, size);
	free(met->data);
	*met = (struct met){ .data = copy, .size = size, .place = place };
	nr_inputs++;
}

void exact_keep(const uint8_t *data, size_t size)
{
	for (; nr_news && size; nr_news--)
		keep(news[nr_news - 1], data, size);
}

size_t exact_choose(uint8_t *data, size_t most, uint32_t *place)
{
	uint32_t nr = nr_inputs < INPUTS ? nr_inputs : INPUTS, i;

	for (i = 1; i <= nr; i++) {
		struct met *met = &inputs[(nr_inputs - i) % INPUTS];

		if (met->tries >= TRIES || met->size > most)
			continue;
		met->tries += CHAIN;
		*place = met->place;
		memcpy(data, met->data, met->size);
		return met->size;
	}
	return 0;
}
