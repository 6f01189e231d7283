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

static void gap_of_job(struct check *check, const struct job *job, const char *why)
{
	for (size_t i = 0; i < job->count; i++)
		check_gap(check, job->files[i]->path, 0, job->rule, lab_strdup(why));
}

/* What is wrong with the rule is said once, and yet concerns all its files. */
static void gap_of_rule(struct check *check, const struct job *job, const char *why)
{
	check_gap(check, NULL, 0, job->rule, lab_strdup(why));
	if (job->rule->optional) {
		check->rules_run -= !job->rule->unfit;
		job->rule->unfit = true;
		job->rule->files = 0;
		return;
	}
	for (size_t i = 0; i < job->count; i++)
		job->files[i]->partly = true;
}

static bool job_failed(struct check *check, const struct job *job)
{
	char *why = NULL, *words;

	if (job->end == LAB_END_EXIT && !job->code)
		return false;
	if (job->end == LAB_END_TIMEOUT) {
		why = lab_fmt("it took longer than %u s a file and was ended", check->timeout);
	} else if (job->end == LAB_END_SIGNAL) {
		why = lab_fmt("spatch was ended by signal %d", job->code);
	} else if (job->end == LAB_END_INTERRUPTED) {
		why = lab_strdup("interrupted");
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

/* "EXN: Coccinelle_modules.Common.Timeout in FILE" */
static void take_exception(struct check *check, const struct job *job, const char *line)
{
	const char *last = NULL, *hit = line;
	char *why;

	while ((hit = strstr(hit, " in ")))
		last = hit, hit += 4;
	if (!last) {
		gap_of_job(check, job, line);
		return;
	}
	if (strstr(line, "Timeout"))
		why = lab_fmt("it took longer than %u s", check->timeout);
	else
		why = lab_fmt("spatch stumbled: %.*s", (int)(last - line), line);
	check_gap(check, last + 4, 0, job->rule, why);
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
	for (size_t i = 0; i < job->count; i++)
		if (!strcmp(job->files[i]->path, path)) {
			seen[i] = true;
			*now = job->files[i]->path;
		}
}

static void read_log(struct check *check, const struct job *job, bool *seen)
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
		else if (!job->rule && lab_has_prefix(line, "FLOW: "))
			take_flow(check, now, line);
		else if (!job->rule && lab_has_prefix(line, " = File "))
			take_parse_error(check, line);
	}
	free(text);
}

/* "FILE:LINE:COLUMN-END: words"; false: it is none. */
static bool take_place(struct check *check, const struct job *job, const char *line)
{
	const struct rule *rule = job->rule;
	struct place place = { .rule = rule, .severity = rule->severity };
	unsigned int column;
	const char *at = line, *words;
	int used = 0;

	while ((at = strchr(at, ':')) &&
	       sscanf(at, ":%u:%u-%*u: %n", &place.line, &column, &used) < 2)
		at++;
	if (!at || !used)
		return false;
	words = at + used;
	if (rule->kind == RULE_COCCI) {
		size_t len = strlen(rule->id);

		if (strncmp(words, rule->id, len) || words[len] != ':')
			return false;
		words += len + 1 + strspn(words + len + 1, " ");
	} else if (lab_has_prefix(words, "ERROR: ")) {
		words += strlen("ERROR: ");
		place.severity = SEVERITY_ERROR;
	} else if (lab_has_prefix(words, "WARNING: ")) {
		words += strlen("WARNING: ");
	}
	place.path = strndup(line, at - line);
	place.column = column + 1;
	place.message = lab_strdup(words);
	check_found(check, place);
	return true;
}

/* Some of the kernel's rules mark lines in report mode as well, which comes as a diff. */
static void read_places(struct check *check, struct job *job)
{
	bool kernel = job->rule->kind == RULE_KERNEL, diff = false;
	char *save = NULL;

	for (char *line = job->out.data ? strtok_r(job->out.data, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (take_place(check, job, line)) {
			diff = false;
			continue;
		}
		diff |= kernel && (lab_has_prefix(line, "--- ") || lab_has_prefix(line, "diff "));
		if (!diff)
			gap_of_rule(check, job, "it printed a line that is no finding of its own");
	}
}

void spatch_read(struct check *check, struct job *job)
{
	bool *seen = calloc(job->count + 1, sizeof(*seen));
	bool failed = job_failed(check, job);

	if (seen && job->log)
		read_log(check, job, seen);
	for (size_t i = 0; seen && !failed && i < job->count; i++)
		if (!seen[i])
			check_gap(check, job->files[i]->path, 0, job->rule,
				  lab_strdup("spatch passed it over without a word"));
	if (job->rule && check->mode == MODE_REPORT)
		read_places(check, job);
	else if (job->rule && job->out.data)
		lab_buf_add(&check->diff, job->out.data, job->out.len);
	if (job->rule)
		job->rule->seconds += job->seconds;
	free(seen);
}
