// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of a model as text, a line each: words of the type and of names, and then numbers, which
 * are as many as the row has members. The first line says how many rows follow.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rows_text.h"

#define WORD_MOST 60
#define NUMBERS_MOST 32

/* Numbers */

static void put_numbers(FILE *file, const uint32_t *numbers, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		fprintf(file, "%" PRIu32 "%c", numbers[i], i + 1 < nr ? ' ' : '\n');
}

static bool get_numbers(FILE *file, uint32_t *numbers, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (fscanf(file, "%" SCNu32, &numbers[i]) != 1)
			return false;
	return true;
}

/* Registers, configuration space */

static void put_config(FILE *file, const struct user_config *config)
{
	const uint32_t numbers[] = { config->write, config->live };

	put_numbers(file, numbers, 2);
}

static void put_reg(FILE *file, const struct user_reg *reg)
{
	const uint32_t numbers[] = { reg->region, reg->offset, reg->kind, reg->mask, reg->resets,
				     reg->stays, reg->fixed };

	put_numbers(file, numbers, 7);
}

static bool get_reg(FILE *file, struct user_reg *reg)
{
	uint32_t n[7];

	if (!get_numbers(file, n, 7))
		return false;
	*reg = (struct user_reg){ n[0], n[1], n[2], n[3], n[4], n[5], n[6] };
	return true;
}

/* Rings */

/* The places of a ring's registers, in the order in which they are written. */
#define RING_PLACES 6
#define RING_NUMBERS (3 * RING_PLACES + 8)

/* A table of structures cannot name others. */
static bool is_word(const char *name)
{
	return name && *name && strlen(name) <= WORD_MOST && !strpbrk(name, " \t\n");
}

static void put_ring(FILE *file, const struct user_ring *ring)
{
	const struct user_at places[RING_PLACES] = {
		ring->base, ring->base_high, ring->size, ring->control, ring->bell, ring->select,
	};
	uint32_t numbers[RING_NUMBERS] = {
		ring->enable, ring->size_is, ring->size_bits, ring->indices, ring->max,
		ring->desc_size, ring->at, ring->completions,
	};
	unsigned int i, at = 8;

	fprintf(file, "%s ", is_word(ring->name) ? ring->name : "-");
	for (i = 0; i < RING_PLACES; i++) {
		numbers[at++] = places[i].region;
		numbers[at++] = places[i].offset;
		numbers[at++] = places[i].given;
	}
	put_numbers(file, numbers, RING_NUMBERS);
}

static bool get_ring(FILE *file, struct user_ring *ring)
{
	struct user_at *const places[RING_PLACES] = {
		&ring->base, &ring->base_high, &ring->size,
		&ring->control, &ring->bell, &ring->select,
	};
	char name[WORD_MOST + 1];
	uint32_t n[RING_NUMBERS];
	unsigned int i, at = 8;

	if (fscanf(file, "%60s", name) != 1 || !get_numbers(file, n, RING_NUMBERS))
		return false;
	*ring = (struct user_ring){ .enable = n[0], .size_is = n[1], .size_bits = n[2],
				    .indices = n[3], .max = n[4], .desc_size = n[5], .at = n[6],
				    .completions = n[7],
				    .name = strcmp(name, "-") ? strdup(name) : NULL };
	for (i = 0; i < RING_PLACES; i++, at += 3)
		*places[i] = (struct user_at){ n[at], n[at + 1], n[at + 2] };
	return true;
}

/* Parameters */

static void put_param(FILE *file, const struct user_param *param)
{
	const uint32_t numbers[] = { param->min, param->max };

	fprintf(file, "%s %s ", param->group ? param->group : "-", param->name);
	put_numbers(file, numbers, 2);
}

static bool get_param(FILE *file, struct user_param *param)
{
	char group[WORD_MOST + 1], name[WORD_MOST + 1];
	uint32_t n[2];

	if (fscanf(file, "%60s %60s", group, name) != 2 || !get_numbers(file, n, 2))
		return false;
	*param = (struct user_param){ strcmp(group, "-") ? strdup(group) : NULL, strdup(name), n[0],
				      n[1] };
	return param->name;
}

/* All */

bool rows_write(FILE *file, const char *type, const struct user_rows *rows)
{
	const uint32_t none[5] = { 0 };
	unsigned int i;

	fprintf(file, "%s\n", type);
	if (!rows) {
		put_numbers(file, none, 5);
		return !fflush(file);
	}
	put_numbers(file, (const uint32_t[]){ 1, rows->nr_regs, rows->nr_rings, rows->nr_config,
					      rows->nr_params }, 5);
	for (i = 0; i < rows->nr_regs; i++)
		put_reg(file, &rows->regs[i]);
	for (i = 0; i < rows->nr_rings; i++)
		put_ring(file, &rows->rings[i]);
	for (i = 0; i < rows->nr_config; i++)
		put_config(file, &rows->config[i]);
	for (i = 0; i < rows->nr_params; i++)
		put_param(file, &rows->params[i]);
	return !fflush(file);
}

static bool make_room(struct user_rows *rows, const uint32_t n[5])
{
	rows->regs = calloc(n[1] + 1, sizeof(*rows->regs));
	rows->rings = calloc(n[2] + 1, sizeof(*rows->rings));
	rows->config = calloc(n[3] + 1, sizeof(*rows->config));
	rows->params = calloc(n[4] + 1, sizeof(*rows->params));
	return rows->regs && rows->rings && rows->config && rows->params;
}

static bool get_rows(FILE *file, const uint32_t n[5], struct user_rows *rows)
{
	uint32_t word[2];

	while (rows->nr_regs < n[1])
		if (!get_reg(file, &rows->regs[rows->nr_regs++]))
			return false;
	while (rows->nr_rings < n[2])
		if (!get_ring(file, &rows->rings[rows->nr_rings++]))
			return false;
	while (rows->nr_config < n[3]) {
		if (!get_numbers(file, word, 2))
			return false;
		rows->config[rows->nr_config++] = (struct user_config){ word[0], word[1] };
	}
	while (rows->nr_params < n[4])
		if (!get_param(file, &rows->params[rows->nr_params++]))
			return false;
	return true;
}

bool rows_read(FILE *file, char type[ROWS_TYPE], struct user_rows **rows)
{
	uint32_t n[5];

	*rows = NULL;
	if (fscanf(file, "%63s", type) != 1 || !get_numbers(file, n, 5))
		return false;
	if (!n[0])
		return true;
	*rows = calloc(1, sizeof(**rows));
	return *rows && make_room(*rows, n) && get_rows(file, n, *rows);
}
