// SPDX-License-Identifier: GPL-2.0-only
/* The three forms of mdev-sdk compat: for people, for programs, for docs/compat.md. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "compat.h"

#define FORMAT_VERSION 1

const char *const compat_states[] = {
	[COMPAT_BUILDS] = "builds", [COMPAT_PASSES] = "passes", [COMPAT_FAILS] = "fails",
	[COMPAT_UNBUILT] = "does not build",
};

static void print_cell(const struct compat_row *row, const struct compat_cell *cell)
{
	printf("  %-12s %s", row->name, compat_states[cell->state]);
	if (cell->state == COMPAT_PASSES || cell->state == COMPAT_FAILS)
		printf(" (%u passed, %u failed, %u skipped)", cell->passed, cell->failed,
		       cell->skipped);
	puts(cell->native ? ", with get_region_info" : "");
}

void compat_text(const struct compat *compat)
{
	for (size_t i = 0; i < compat->nr_kernels; i++) {
		const struct compat_kernel *on = &compat->kernels[i];

		printf("%s%s: %s (Debian %s)\n", i ? "\n" : "", on->name, on->kernel.release,
		       on->kernel.version);
		for (size_t r = 0; r < compat->nr_rows; r++)
			print_cell(&compat->rows[r], &on->cells[r]);
		for (size_t f = 0; compat_facts[f].name; f++)
			if (on->facts[f])
				printf("  has   %s\n", compat_facts[f].title);
			else if (compat_facts[f].without)
				printf("  lacks %s: %s\n", compat_facts[f].title,
				       compat_facts[f].without);
	}
}

static cJSON *json_cell(const struct compat_row *row, const struct compat_cell *cell)
{
	cJSON *object = cJSON_CreateObject(), *suite;

	cJSON_AddStringToObject(object, "name", row->name);
	cJSON_AddBoolToObject(object, "builds", cell->state != COMPAT_UNBUILT);
	if (cell->native)
		cJSON_AddTrueToObject(object, "native_region_info");
	if (cell->state != COMPAT_PASSES && cell->state != COMPAT_FAILS)
		return object;
	suite = cJSON_AddObjectToObject(object, "suite");
	cJSON_AddStringToObject(suite, "verdict", compat_states[cell->state]);
	cJSON_AddNumberToObject(suite, "passed", cell->passed);
	cJSON_AddNumberToObject(suite, "failed", cell->failed);
	cJSON_AddNumberToObject(suite, "skipped", cell->skipped);
	return object;
}

static cJSON *json_fact(const struct compat_fact *fact, bool has)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "name", fact->name);
	cJSON_AddStringToObject(object, "title", fact->title);
	cJSON_AddBoolToObject(object, "has", has);
	if (!has && fact->without)
		cJSON_AddStringToObject(object, "why", fact->without);
	return object;
}

static cJSON *json_kernel(const struct compat *compat, const struct compat_kernel *on)
{
	cJSON *object = cJSON_CreateObject(), *array;

	cJSON_AddStringToObject(object, "name", on->name);
	cJSON_AddStringToObject(object, "release", on->kernel.release);
	cJSON_AddStringToObject(object, "debian", on->kernel.version);
	array = cJSON_AddArrayToObject(object, "drivers");
	for (size_t r = 0; r < compat->nr_rows; r++)
		cJSON_AddItemToArray(array, json_cell(&compat->rows[r], &on->cells[r]));
	array = cJSON_AddArrayToObject(object, "facts");
	for (size_t f = 0; compat_facts[f].name; f++)
		cJSON_AddItemToArray(array, json_fact(&compat_facts[f], on->facts[f]));
	return object;
}

void compat_json(const struct compat *compat)
{
	cJSON *root = cJSON_CreateObject(), *array;
	char *text;

	cJSON_AddStringToObject(root, "format", "mdev-sdk compat");
	cJSON_AddNumberToObject(root, "version", FORMAT_VERSION);
	array = cJSON_AddArrayToObject(root, "kernels");
	for (size_t i = 0; i < compat->nr_kernels; i++)
		cJSON_AddItemToArray(array, json_kernel(compat, &compat->kernels[i]));
	text = cJSON_Print(root);
	puts(text ? text : "");
	cJSON_free(text);
	cJSON_Delete(root);
}

static void head_row(const struct compat *compat, const char *first)
{
	printf("\n| %s |", first);
	for (size_t i = 0; i < compat->nr_kernels; i++)
		printf(" %s |", compat->kernels[i].name);
	fputs("\n|---|", stdout);
	for (size_t i = 0; i < compat->nr_kernels; i++)
		fputs("---|", stdout);
	putchar('\n');
}

static void fact_row(const struct compat *compat, size_t f)
{
	printf("| %s |", compat_facts[f].title);
	for (size_t i = 0; i < compat->nr_kernels; i++)
		fputs(compat->kernels[i].facts[f] ? " yes |" : " no |", stdout);
	putchar('\n');
}

static void driver_row(const struct compat *compat, size_t r)
{
	printf("| %s |", compat->rows[r].name);
	for (size_t i = 0; i < compat->nr_kernels; i++) {
		const struct compat_cell *cell = &compat->kernels[i].cells[r];

		printf(" %s%s |", compat_states[cell->state], cell->native ? "*" : "");
	}
	putchar('\n');
}

void compat_markdown(const struct compat *compat)
{
	for (size_t i = 0; i < compat->nr_kernels; i++)
		printf("* %s: %s (Debian %s)\n", compat->kernels[i].name,
		       compat->kernels[i].kernel.release, compat->kernels[i].kernel.version);
	head_row(compat, "driver");
	for (size_t r = 0; r < compat->nr_rows; r++)
		driver_row(compat, r);
	puts("\n\\* built with the op get_region_info, which a raw driver needs there.");
	head_row(compat, "what the kernel has");
	for (size_t f = 0; compat_facts[f].name; f++)
		fact_row(compat, f);
	fputs("\nWhere it does not:\n\n", stdout);
	for (size_t f = 0; compat_facts[f].name; f++)
		if (compat_facts[f].without)
			printf("* %s: %s\n", compat_facts[f].title, compat_facts[f].without);
}
