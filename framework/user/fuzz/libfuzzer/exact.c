// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behind an exact value other limits may hold, and what the same event compares beside it has been
 * seen on both sides of its limits long before: nothing tells that the two were never together. So
 * an input with which a comparison with a constant came out equal for the first time is kept, and
 * made again with the rest at its limits: for a while the newest one, then the one least tried.
 */
#include <stdlib.h>
#include <string.h>

#include "grammar.h"

#define INPUTS 256u
#define NEW_MOST 16u
/* How often the newest one is tried; libFuzzer makes so many of it at a time. */
#define TRIES 256u
#define CHAIN 4u

/* A ring: later ones take the places of earlier ones. */
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

static struct met *choose(size_t most)
{
	uint32_t nr = nr_inputs < INPUTS ? nr_inputs : INPUTS, i;
	struct met *met, *least = NULL;

	for (i = 1; i <= nr; i++) {
		met = &inputs[(nr_inputs - i) % INPUTS];
		if (met->size > most || (least && met->tries >= least->tries))
			continue;
		least = met;
		if (met->tries < TRIES)
			break;
	}
	return least;
}

size_t exact_choose(uint8_t *data, size_t most, uint32_t *place)
{
	struct met *met = choose(most);

	if (!met)
		return 0;
	met->tries += CHAIN;
	*place = met->place;
	memcpy(data, met->data, met->size);
	return met->size;
}
