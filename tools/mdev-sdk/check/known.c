// SPDX-License-Identifier: GPL-2.0-only
/* The names that rules know: those of the table, and those that their heads need. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "known.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_words(struct lab_list *list, const char *text)
{
	char *copy = lab_strdup(text), *save = NULL;

	for (char *word = strtok_r(copy, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		lab_list_add(list, word);
	free(copy);
}

/* What any module of the kernel has tells nothing of whether rules know a tree. */
static void add_telling(struct known *known, const struct lab_list *common, const char *name)
{
	if (!lab_list_has(common, name))
		lab_list_add(&known->telling, name);
}

static void add_table(struct known *known, const struct table *table, const struct lab_list *common)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct table_row *row = &table->rows[i];
		bool list = !strcmp(row->role, "list");

		for (size_t k = 0; k < row->names.count && !list; k++) {
			lab_list_add(&known->names, row->names.items[k]);
			if (strcmp(row->family, "harmless"))
				add_telling(known, common, row->names.items[k]);
		}
	}
}

static void add_needs(struct known *known, const struct rules *rules, const struct lab_list *common)
{
	struct lab_list words = { 0 };

	for (size_t i = 0; i < rules->count; i++)
		for (size_t k = 0; k < rules->items[i]->needs.count; k++)
			add_words(&words, rules->items[i]->needs.items[k]);
	for (size_t i = 0; i < words.count; i++) {
		lab_list_add(&known->names, words.items[i]);
		add_telling(known, common, words.items[i]);
	}
	lab_list_free(&words);
}

void known_load(struct known *known, const struct table *table, const struct rules *rules)
{
	struct lab_list common = { 0 };

	table_names(table, "common", &common);
	add_table(known, table, &common);
	add_needs(known, rules, &common);
	table_names(table, "named", &known->names);
	table_names(table, "wrapped", &known->names);
	qsort(known->names.items, known->names.count, sizeof(char *), compare);
	qsort(known->telling.items, known->telling.count, sizeof(char *), compare);
	lab_list_free(&common);
}

void known_free(struct known *known)
{
	lab_list_free(&known->names);
	lab_list_free(&known->telling);
}

bool known_has(const struct known *known, const char *name)
{
	return bsearch(&name, known->names.items, known->names.count, sizeof(char *), compare);
}

const char *known_nearest(const struct known *known, const char *name)
{
	struct nearest nearest = { .word = name, .below = 4 };

	for (size_t i = 0; i < known->names.count; i++)
		nearest_try(&nearest, known->names.items[i]);
	return nearest.found;
}

static bool in_code(const struct known *known, char *code)
{
	for (char *p = code + strcspn(code, SOURCE_WORD); *p; p += strcspn(p, SOURCE_WORD)) {
		size_t len = strspn(p, SOURCE_WORD);
		char after = p[len];
		const char *word = p;
		bool hit;

		p[len] = '\0';
		hit = bsearch(&word, known->telling.items, known->telling.count, sizeof(char *),
			      compare);
		p[len] = after;
		if (hit)
			return true;
		p += len;
	}
	return false;
}

bool known_anywhere(const struct known *known, const struct sources *sources)
{
	bool hit = false;

	for (size_t i = 0; i < sources->count && !hit; i++) {
		char *code = sources->items[i].text ? source_code(&sources->items[i]) : NULL;

		hit = code && in_code(known, code);
		free(code);
	}
	return hit;
}
