// SPDX-License-Identifier: GPL-2.0-only
/* What was found, what was not looked at, and what of it counts. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "places.h"

#define ALLOW "mdev-sdk: allow "

void check_found(struct check *check, struct place place)
{
	place.source = sources_find(&check->sources, place.path);
	if (!place.id)
		place.id = lab_strdup(place.rule->id);
	place.text = source_line(place.source, place.line);
	place.function = source_function(place.source, place.line);
	check->places = lab_grow(check->places, check->place_count + 1, sizeof(place));
	check->places[check->place_count++] = place;
}

/* Each rule that nobody asked for once, whatever it stumbles over. */
static void check_remark(struct check *check, const struct rule *rule, const char *path, char *why)
{
	char *words = path ? lab_fmt("%s over %s: %s", rule->id, path, why) :
		      lab_fmt("%s, which cannot run here: %s", rule->id, why);

	if (!lab_list_has(&check->remarks, words))
		lab_list_add(&check->remarks, words);
	free(words);
	free(why);
}

/* What one rule meets in a file, another one meets as well: it is said once. */
void check_gap(struct check *check, const char *path, unsigned int line, const struct rule *rule,
	       char *why)
{
	struct source *source = path ? sources_find(&check->sources, path) : NULL;

	if (rule && rule->optional) {
		check_remark(check, rule, path, why);
		return;
	}
	if (source)
		source->partly = true;
	for (size_t i = 0; i < check->gap_count; i++) {
		const struct gap *gap = &check->gaps[i];

		if (gap->line == line && gap->rule == rule && !strcmp(gap->why, why) &&
		    !strcmp(gap->path ? gap->path : "", path ? path : "")) {
			free(why);
			return;
		}
	}
	check->gaps = lab_grow(check->gaps, check->gap_count + 1, sizeof(*check->gaps));
	check->gaps[check->gap_count++] = (struct gap){
		.path = path ? lab_strdup(path) : NULL, .line = line, .rule = rule, .why = why,
	};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *one = a, *two = b;
	int order = strcmp(one->path, two->path);

	if (!order)
		order = (one->line > two->line) - (one->line < two->line);
	if (!order)
		order = strcmp(one->id, two->id);
	if (!order)
		order = (one->column > two->column) - (one->column < two->column);
	return order;
}

static int compare_gaps(const void *a, const void *b)
{
	const struct gap *one = a, *two = b;
	int order = strcmp(one->path ? one->path : "", two->path ? two->path : "");

	return order ? order : (one->line > two->line) - (one->line < two->line);
}

void place_free(struct place *place)
{
	free(place->path);
	free(place->id);
	free(place->message);
	free(place->function);
	free(place->text);
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->line == b->line && !strcmp(a->path, b->path) && !strcmp(a->id, b->id) &&
	       !strcmp(a->message, b->message);
}

/* "allow ID: reason" in the line, with the ID that is meant and with a reason. */
static bool line_allows(const struct source *source, unsigned int line, const char *id)
{
	char *text = source_line(source, line);
	const char *hit = strstr(text, ALLOW);
	size_t len = strlen(id);
	bool allows = false;

	if (hit) {
		hit += strlen(ALLOW);
		if (!strncmp(hit, id, len) && hit[len] == ':') {
			hit += len + 1;
			hit += strspn(hit, " ");
			allows = *hit && !lab_has_prefix(hit, "*/");
		}
	}
	free(text);
	return allows;
}

/* The rule does not hold in files of that name. */
static bool is_not_for(const struct place *place)
{
	const char *not_in = place->rule ? place->rule->not_in : NULL;
	size_t len = strlen(place->path), tail = not_in ? strlen(not_in) : 0;

	return not_in && len > tail && place->path[len - tail - 1] == '/' &&
	       !strcmp(place->path + len - tail, not_in);
}

void check_sort(struct check *check)
{
	size_t kept = 0;

	if (check->place_count)
		qsort(check->places, check->place_count, sizeof(*check->places), compare_places);
	if (check->gap_count)
		qsort(check->gaps, check->gap_count, sizeof(*check->gaps), compare_gaps);
	for (size_t i = 0; i < check->place_count; i++) {
		struct place *place = &check->places[i];

		if (is_not_for(place) ||
		    (kept && same_place(&check->places[kept - 1], place))) {
			place_free(place);
			continue;
		}
		place->allowed = place->source &&
			(line_allows(place->source, place->line, place->id) ||
			 (place->line > 1 &&
			  line_allows(place->source, place->line - 1, place->id)));
		check->places[kept++] = *place;
	}
	check->place_count = kept;
}

size_t check_count(const struct check *check, enum severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < check->place_count; i++) {
		const struct place *place = &check->places[i];

		count += place->severity == severity && !place->known && !place->allowed;
	}
	return count;
}

size_t check_partly(const struct check *check)
{
	size_t count = 0;

	for (size_t i = 0; i < check->sources.count; i++)
		count += check->sources.items[i].partly;
	return count;
}

/* A gap weighs more than a finding: with it the list of findings is not whole. */
int check_status(const struct check *check)
{
	size_t count = 0;

	if (check->gap_count)
		return LAB_CANNOT;
	for (int severity = check->severity; severity < SEVERITIES; severity++)
		count += check_count(check, severity);
	return count ? LAB_FOUND : LAB_OK;
}

/*
 * The baseline: a line for each finding, "id <tab> file <tab> function <tab> text". There is no
 * number of a line in it, so what moves stays known; what stands there twice is known twice.
 */
static char *baseline_line(const struct place *place)
{
	return lab_fmt("%s\t%s\t%s\t%s", place->id, place->source ? place->source->name : place->path,
		       place->function, place->text);
}

static const char baseline_head[] = "# mdev-sdk check, baseline 1: id, file, function, line\n";

static void mark_known(struct check *check, const char *line)
{
	for (size_t i = 0; i < check->place_count; i++) {
		struct place *place = &check->places[i];
		char *own = place->known || place->allowed ? NULL : baseline_line(place);
		bool hit = own && !strcmp(own, line);

		free(own);
		if (hit) {
			place->known = true;
			return;
		}
	}
}

int check_baseline_read(struct check *check, const char *path)
{
	char *text = lab_read_file(path, NULL), *save = NULL;

	if (!text) {
		lab_errno("cannot read the baseline %s; --write-baseline makes one", path);
		return LAB_USAGE;
	}
	if (!lab_has_prefix(text, baseline_head)) {
		lab_error("%s is no baseline: its first line is not the one that --write-baseline "
			  "writes", path);
		free(text);
		return LAB_USAGE;
	}
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			mark_known(check, line);
	free(text);
	return LAB_OK;
}

int check_baseline_write(const struct check *check, const char *path)
{
	struct lab_buf text = { 0 };
	int ret;

	lab_buf_addf(&text, "%s", baseline_head);
	for (size_t i = 0; i < check->place_count; i++) {
		char *line = baseline_line(&check->places[i]);

		if (!check->places[i].allowed)
			lab_buf_addf(&text, "%s\n", line);
		free(line);
	}
	ret = lab_replace_file(path, text.data, text.len);
	lab_buf_free(&text);
	return ret;
}
