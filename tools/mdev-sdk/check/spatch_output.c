// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads what spatch printed: findings, and what it could not look at.
 *
 * spatch says nothing of a function that it cannot parse, and its status is 0. So another run over
 * the same files is made only to be told what it could not follow, and every file of a list must
 * be named by spatch as handled or as without the words of the rule.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "places.h"
#include "spatch.h"

static char *first_error(const char *log)
{
	char *text = lab_read_file(log, NULL), *save = NULL, *words = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (lab_has_prefix(line, "warning:") || lab_has_prefix(line, "init_defs") ||
		    lab_has_prefix(line, "HANDLING") || lab_has_prefix(line, "Skipping") ||
		    lab_has_prefix(line, "(ONCE)"))
			continue;
		if (!words) {
			words = lab_strdup(line);
			continue;
		}
		/* "parse error:" alone says too little: where it is stands in the next line. */
		if (lab_has_prefix(line, "File ")) {
			char *longer = lab_fmt("%s %s", words, line);

			free(words);
			words = longer;
		}
		break;
	}
	free(text);
	return words ? words : lab_strdup("it said nothing");
}

/* All rules of the job that look at the file, or none. */
static void gap_of_file(struct check *check, const struct job *job, const char *path,
			const char *why)
{
	if (!job->nr_rules)
		check_gap(check, path, 0, NULL, lab_strdup(why));
	for (size_t i = 0; i < job->nr_rules; i++) {
		const struct source *source = sources_find(&check->sources, path);

		if (!source || source_concerns(source, job->rules[i]))
			check_gap(check, path, 0, job->rules[i], lab_strdup(why));
	}
}

static void gap_of_job(struct check *check, const struct job *job, const char *why)
{
	for (size_t i = 0; i < job->count; i++)
		gap_of_file(check, job, job->files[i]->path, why);
}

/* What is wrong with the rule is said once, and yet concerns all its files. */
static void gap_of_rule(struct check *check, const struct job *job, const char *why)
{
	struct rule *rule = job->nr_rules ? job->rules[0] : NULL;

	check_gap(check, NULL, 0, rule, lab_strdup(why));
	if (rule && rule->optional) {
		check->rules_run -= !rule->unfit;
		rule->unfit = true;
		rule->files = 0;
		return;
	}
	for (size_t i = 0; i < job->count; i++)
		job->files[i]->partly = true;
}

/* Of several rules it is not known which one it was; and what took too long has another try. */
static bool is_tried_again(const struct job *job, bool time)
{
	return !job->last && (time || job->nr_rules > 1);
}

static bool lose_all(struct job *job)
{
	for (size_t i = 0; i < job->count; i++)
		job->lost[i] = true;
	return true;
}

static bool job_failed(struct check *check, struct job *job)
{
	bool time = job->end == LAB_END_TIMEOUT;
	char *why = NULL, *words;

	if (job->end == LAB_END_EXIT && !job->code)
		return false;
	if (job->end == LAB_END_INTERRUPTED) {
		why = lab_strdup("interrupted");
	} else if (job->end == LAB_END_IDLE) {
		why = lab_fmt("spatch did nothing for %u s and was ended", check->timeout);
	} else if (is_tried_again(job, time)) {
		return lose_all(job);
	} else if (time) {
		why = lab_fmt("it took longer than %u s of the processor's time and was ended",
			      check->timeout);
	} else if (job->end == LAB_END_SIGNAL) {
		why = lab_fmt("spatch was ended by signal %d", job->code);
	} else {
		words = first_error(job->log);
		why = lab_fmt("spatch failed: %s", words);
		free(words);
		gap_of_rule(check, job, why);
		free(why);
		return true;
	}
	gap_of_job(check, job, why);
	free(why);
	return true;
}

/* The place of a file in the job, as spatch calls it; job->count: it is none of them. */
static size_t file_of(const struct job *job, const char *path)
{
	size_t at = 0;

	while (at < job->count && strcmp(job->files[at]->path, path))
		at++;
	return at;
}

/* "EXN: Coccinelle_modules.Common.Timeout in FILE" */
static void take_exception(struct check *check, struct job *job, const char *line)
{
	bool time = strstr(line, "Timeout");
	const char *last = NULL, *hit = line;
	size_t at;
	char *why;

	while ((hit = strstr(hit, " in ")))
		last = hit, hit += 4;
	at = last ? file_of(job, last + 4) : job->count;
	if (is_tried_again(job, time)) {
		if (at < job->count)
			job->lost[at] = true;
		else
			lose_all(job);
		return;
	}
	if (!last) {
		gap_of_job(check, job, line);
		return;
	}
	if (time)
		why = lab_fmt("it took longer than %u s of the processor's time", check->timeout);
	else
		why = lab_fmt("spatch stumbled: %.*s", (int)(last - line), line);
	gap_of_file(check, job, last + 4, why);
	free(why);
}

/* "FLOW: ...: File "...", line 2"; what is dead is looked at all the same. */
static void take_flow(struct check *check, const char *file, const char *line)
{
	const char *at = strstr(line, "\", line ");
	const char *words = line + strlen("FLOW: "), *end = strstr(words, ": File ");

	if (!file || strstr(line, "deadcode"))
		return;
	check_gap(check, file, at ? atoi(at + strlen("\", line ")) : 0, NULL,
		  lab_fmt("spatch cannot follow a function: %.*s",
			  (int)(end ? (size_t)(end - words) : strlen(words)), words));
}

/* Rules look at functions, not at what macros are made of. */
static bool in_macro(const struct source *source, unsigned int line)
{
	while (line > 1) {
		char *before = source_line(source, line - 1);
		bool continued = lab_has_suffix(before, "\\");

		free(before);
		if (!continued)
			break;
		line--;
	}
	char *text = source_line(source, line);
	bool macro = lab_has_prefix(text, "#");

	free(text);
	return macro;
}

/* " = File "...", line 4, column 27, charpos = 85" */
static void take_parse_error(struct check *check, const char *line)
{
	const char *start = strstr(line, "File \""), *end = strstr(line, "\", line ");
	char *path;

	if (!start || !end)
		return;
	start += strlen("File \"");
	path = strndup(start, end - start);
	const struct source *source = sources_find(&check->sources, path);
	unsigned int at = atoi(end + strlen("\", line "));

	/* Headers from elsewhere are not ours to judge. */
	if (source && !in_macro(source, at))
		check_gap(check, path, at, NULL, lab_strdup("spatch cannot parse this"));
	free(path);
}

/* HANDLING: one file, or several where they are a group. */
static void take_handled(const struct job *job, const char *path, bool *seen, const char **now)
{
	size_t at = file_of(job, path);

	if (at < job->count) {
		seen[at] = true;
		*now = job->files[at]->path;
	}
}

static void read_log(struct check *check, struct job *job, bool *seen)
{
	char *text = lab_read_file(job->log, NULL), *save = NULL;
	const char *now = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (lab_has_prefix(line, "HANDLING: "))
			take_handled(job, line + strlen("HANDLING: "), seen, &now);
		else if (lab_has_prefix(line, "Skipping: "))
			take_handled(job, line + strlen("Skipping: "), seen, &now);
		else if (lab_has_prefix(line, "EXN: "))
			take_exception(check, job, line + strlen("EXN: "));
		else if (!job->nr_rules && lab_has_prefix(line, "FLOW: "))
			take_flow(check, now, line);
		else if (!job->nr_rules && lab_has_prefix(line, " = File "))
			take_parse_error(check, line);
	}
	free(text);
}

/* Whose words they are, which begin with its id; *words goes on behind that. */
static const struct rule *rule_of(const struct job *job, const char **words)
{
	for (size_t i = 0; i < job->nr_rules; i++) {
		const struct rule *rule = job->rules[i];
		size_t len = strlen(rule->id);

		if (rule->kind != RULE_COCCI)
			return rule;
		if (strncmp(*words, rule->id, len) || (*words)[len] != ':')
			continue;
		*words += len + 1 + strspn(*words + len + 1, " ");
		return rule;
	}
	return NULL;
}

/* The kernel's own begin with how bad it is. */
static void read_rank(struct place *place, const char **words)
{
	place->severity = place->rule->severity;
	if (place->rule->kind == RULE_COCCI)
		return;
	if (lab_has_prefix(*words, "ERROR: ")) {
		*words += strlen("ERROR: ");
		place->severity = SEVERITY_ERROR;
	} else if (lab_has_prefix(*words, "WARNING: ")) {
		*words += strlen("WARNING: ");
	}
}

/* "FILE:LINE:COLUMN-END: words"; false: it is none. */
static bool read_place(const struct job *job, const char *line, struct place *place)
{
	const char *at = line, *words;
	unsigned int column;
	int used = 0;

	while ((at = strchr(at, ':')) &&
	       sscanf(at, ":%u:%u-%*u: %n", &place->line, &column, &used) < 2)
		at++;
	if (!at || !used)
		return false;
	words = at + used;
	place->rule = rule_of(job, &words);
	if (!place->rule)
		return false;
	read_rank(place, &words);
	place->path = strndup(line, at - line);
	place->column = column + 1;
	place->message = lab_strdup(words);
	return true;
}

/* Of a rule that runs with others in a file that does not concern it, it is none. */
static void take_place(struct check *check, const struct job *job, struct place place)
{
	size_t at = file_of(job, place.path);

	if (at < job->count &&
	    (job->lost[at] || !source_concerns(job->files[at], place.rule))) {
		free(place.path);
		free(place.message);
	} else {
		check_found(check, place);
	}
}

struct places {
	struct place *items;
	size_t count;
	bool odd;	/* there was something else */
};

/* Some of the kernel's rules mark lines in report mode as well, which comes as a diff. */
static void read_places(struct job *job, struct places *places)
{
	bool kernel = job->rules[0]->kind == RULE_KERNEL, diff = false;
	char *save = NULL;

	for (char *line = job->out.data ? strtok_r(job->out.data, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct place place = { 0 };

		if (read_place(job, line, &place)) {
			places->items = lab_grow(places->items, places->count + 1, sizeof(place));
			places->items[places->count++] = place;
			diff = false;
			continue;
		}
		diff |= kernel && (lab_has_prefix(line, "--- ") || lab_has_prefix(line, "diff "));
		places->odd |= !diff;
	}
}

static void take_places(struct check *check, struct job *job)
{
	struct places places = { 0 };

	read_places(job, &places);
	if (places.odd && is_tried_again(job, false))
		lose_all(job);
	else if (places.odd)
		gap_of_rule(check, job, "it printed a line that is no finding of its own");
	for (size_t i = 0; i < places.count; i++)
		take_place(check, job, places.items[i]);
	free(places.items);
}

static void take_unseen(struct check *check, struct job *job, const bool *seen)
{
	for (size_t i = 0; i < job->count; i++) {
		if (seen[i])
			continue;
		if (is_tried_again(job, false))
			job->lost[i] = true;
		else
			gap_of_file(check, job, job->files[i]->path,
				    "spatch passed it over without a word");
	}
}

void spatch_read(struct check *check, struct job *job)
{
	bool *seen = lab_grow(NULL, job->count + 1, sizeof(*seen));
	bool failed = job_failed(check, job);

	memset(seen, 0, (job->count + 1) * sizeof(*seen));
	if (job->log)
		read_log(check, job, seen);
	if (!failed)
		take_unseen(check, job, seen);
	if (job->nr_rules && check->mode == MODE_REPORT)
		take_places(check, job);
	else if (job->nr_rules && job->out.data)
		lab_buf_add(&check->diff, job->out.data, job->out.len);
	if (job->nr_rules == 1)
		job->rules[0]->seconds += job->seconds;
	free(seen);
}
