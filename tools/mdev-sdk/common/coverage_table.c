// SPDX-License-Identifier: GPL-2.0-only
/* A line for each file, with the numbers of the lines that nothing has reached. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/coverage.h"
#include "lab/lab.h"

/* Columns of all, of the names, and between these and the line numbers. */
#define WIDTH 100
#define NAMES_LEAST 24
#define COUNTS 23

/* Of a file, or of several. */
struct lines {
	unsigned int all, reached;
};

struct table {
	FILE *out;
	int names;
};

static int number_of(const cJSON *line, const char *name)
{
	const cJSON *item = cJSON_GetObjectItem(line, name);

	return cJSON_IsNumber(item) ? item->valueint : 0;
}

static bool is_code(const cJSON *line)
{
	return !cJSON_IsTrue(cJSON_GetObjectItem(line, "gcovr/noncode")) &&
	       !cJSON_IsTrue(cJSON_GetObjectItem(line, "gcovr/excluded"));
}

/* A count may be larger than an int; 0 is what matters. */
static bool is_reached(const cJSON *line)
{
	const cJSON *count = cJSON_GetObjectItem(line, "count");

	return cJSON_IsNumber(count) && count->valuedouble > 0;
}

static void add_range(struct lab_list *ranges, int first, int last)
{
	if (first == last)
		lab_list_addf(ranges, "%d", first);
	else if (first)
		lab_list_addf(ranges, "%d-%d", first, last);
}

/* Lines without code between two that were not reached do not end a range. */
static struct lines count(const cJSON *file, struct lab_list *ranges)
{
	struct lines lines = { 0 };
	int first = 0, last = 0;
	const cJSON *line;

	cJSON_ArrayForEach(line, cJSON_GetObjectItem(file, "lines")) {
		if (!is_code(line))
			continue;
		lines.all++;
		if (is_reached(line)) {
			lines.reached++;
			if (first)
				add_range(ranges, first, last);
			first = 0;
			continue;
		}
		last = number_of(line, "line_number");
		first = first ? first : last;
	}
	if (first)
		add_range(ranges, first, last);
	return lines;
}

/* Rounded down: 100 % are all. */
static void print_row(const struct table *table, const char *name, const struct lines *lines)
{
	fprintf(table->out, "%-*s %5u %8u %4u%%", table->names, name, lines->all, lines->reached,
		lines->all ? 100 * lines->reached / lines->all : 0);
}

static void print_ranges(const struct table *table, const struct lab_list *ranges)
{
	int first = table->names + COUNTS, at = first;

	for (size_t i = 0; i < ranges->count; i++) {
		bool more = i + 1 < ranges->count;
		int len = (int)strlen(ranges->items[i]) + more;

		if (i && at + 1 + len > WIDTH) {
			fprintf(table->out, "\n%*s", first, "");
			at = first;
		} else {
			fputs(i ? " " : "  ", table->out);
			at += i > 0;
		}
		fprintf(table->out, "%s%s", ranges->items[i], more ? "," : "");
		at += len;
	}
	fputc('\n', table->out);
}

static void print_file(const struct table *table, const char *name, const cJSON *file,
		       struct lines *sum)
{
	struct lab_list ranges = { 0 };
	struct lines lines = count(file, &ranges);

	sum->all += lines.all;
	sum->reached += lines.reached;
	if (lines.all) {
		print_row(table, name, &lines);
		print_ranges(table, &ranges);
	}
	lab_list_free(&ranges);
}

static const char *name_of(const cJSON *file)
{
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(file, "file"));

	return name ? name : "?";
}

static int longest_name(const cJSON *files)
{
	int longest = NAMES_LEAST, len;
	const cJSON *file;

	cJSON_ArrayForEach(file, files) {
		len = (int)strlen(name_of(file));
		if (len > longest)
			longest = len;
	}
	return longest;
}

/* All files, and what they are together. */
static void print_part(const struct table *table, const cJSON *files, const char *what)
{
	struct lines sum = { 0 };
	const cJSON *file;

	cJSON_ArrayForEach(file, files) {
		const char *name = name_of(file);

		print_file(table, name, file, &sum);
	}
	print_row(table, what, &sum);
	fputc('\n', table->out);
}

/* Return: NULL with a message. */
static cJSON *read_lines(const char *json)
{
	char *text = lab_read_file(json, NULL);
	cJSON *all = cJSON_Parse(text ? text : ""), *files = cJSON_DetachItemFromObject(all, "files");

	if (!files)
		lab_error("gcovr has written no lines to %s: another version than 5.2 may have another "
			  "format", json);
	cJSON_Delete(all);
	free(text);
	return files;
}

int coverage_table(const char *driver, const char *framework, FILE *out)
{
	cJSON *own = read_lines(driver), *ours = framework ? read_lines(framework) : NULL;
	bool good = own && (ours || !framework);
	struct table table = { out, longest_name(own) };

	if (good) {
		if (longest_name(ours) > table.names)
			table.names = longest_name(ours);
		fprintf(out, "%-*s lines  reached        not reached\n", table.names, "file");
		print_part(&table, own, "the driver");
		if (ours)
			print_part(&table, ours, COVERAGE_FRAMEWORK);
	}
	cJSON_Delete(own);
	cJSON_Delete(ours);
	return good ? LAB_OK : LAB_CANNOT;
}
