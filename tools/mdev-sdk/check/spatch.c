// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs spatch. One process a rule and a handful of files, several at a time: a file goes to a rule
 * only if the index says that the rule may find something, and spatch itself does not parse what
 * lacks the words of a rule. One semantic patch of all rules would parse less (a fifth of the time
 * with five rules), but then a rule that takes for ever or is broken takes the others with it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "common/sdk.h"
#include "pool.h"
#include "spatch.h"

#define SPATCH	"spatch"
#define CHUNK	24		/* files for a process */
#define PROGRESS_SECONDS 20.0	/* without a terminal */

struct run {
	struct check *check;
	char *scratch;
	char *parse_rule;
	struct job *jobs;
	size_t count;
	double start, told;
};

/* Finds functions, so that spatch builds the flow of each. */
static const char parse_rule[] =
	"virtual report\n"
	"@function@\n"
	"identifier f;\n"
	"position p;\n"
	"@@\n"
	"f@p(...) { ... }\n";

static char *macros(void)
{
	return lab_fmt("%s/tools/cocci/macros.h", sdk_root());
}

/* What is to be said only when asked for costs time and lines. */
static void add_arguments(struct lab_list *argv, const struct run *run, const struct job *job)
{
	static const char *const parse[] = {
		"--debug", "--verbose-parsing", "--disable-worth-trying-opt",
	};
	const struct check *check = run->check;
	char *macro_file = macros();

	lab_list_add(argv, SPATCH);
	lab_list_addf(argv, "--timeout");
	lab_list_addf(argv, "%u", check->timeout);
	lab_list_add(argv, "-D");
	lab_list_add(argv, job->rule ? mode_names[check->mode] : mode_names[MODE_REPORT]);
	if (lab_exists(macro_file)) {
		lab_list_add(argv, "--macro-file");
		lab_list_add(argv, macro_file);
	}
	free(macro_file);
	for (size_t i = 0; !job->rule && i < LAB_ARRAY_SIZE(parse); i++)
		lab_list_add(argv, parse[i]);
	if (!job->rule && !job->includes)
		lab_list_add(argv, "--no-includes");
	for (size_t i = 0; job->rule && i < job->rule->options.count; i++)
		lab_list_add(argv, job->rule->options.items[i]);
	if (job->rule && (check->mode == MODE_PATCH || check->mode == MODE_CONTEXT)) {
		lab_list_add(argv, "--patch");
		lab_list_add(argv, check->sources.folder);
	}
	lab_list_add(argv, "--cocci-file");
	lab_list_add(argv, job->rule ? job->rule->path : run->parse_rule);
}

/* A group of its own for each file: those of one command line would be taken as one program. */
static char *write_groups(const struct run *run, const struct job *job)
{
	char *path = lab_fmt("%s/%zu.files", run->scratch, (size_t)(job - run->jobs));
	struct lab_buf text = { 0 };

	for (size_t i = 0; i < job->count; i++)
		lab_buf_addf(&text, "%s%s\n", i ? "\n" : "", job->files[i]->path);
	if (lab_write_file(path, text.data, text.len, 0600)) {
		free(path);
		path = NULL;
	}
	lab_buf_free(&text);
	return path;
}

/*
 * spatch ends what takes longer than --timeout by itself, but not while a script runs; so there is
 * a limit from outside too.
 */
static void run_job(size_t index, void *data)
{
	struct run *run = data;
	struct job *job = &run->jobs[index];
	char *groups = write_groups(run, job);
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = {
		.output = job->log, .capture = &job->out,
		.timeout = (double)run->check->timeout * (job->count + 1),
	};
	double start = lab_now();

	if (!groups) {
		job->end = LAB_END_NOSTART;
		return;
	}
	add_arguments(&argv, run, job);
	lab_list_add(&argv, "--file-groups");
	lab_list_add(&argv, groups);
	cmd.argv = argv.items;
	if (!job->rule)
		cmd.capture = NULL;
	job->end = lab_run(&cmd, &job->code);
	job->seconds = lab_now() - start;
	lab_list_free(&argv);
	free(groups);
}

static struct job *new_job(struct run *run)
{
	struct job *job;

	run->jobs = lab_grow(run->jobs, run->count + 1, sizeof(*run->jobs));
	job = &run->jobs[run->count];
	*job = (struct job){ .log = lab_fmt("%s/%zu.log", run->scratch, run->count) };
	run->count++;
	return job;
}

static bool without_includes(const struct rule *rule)
{
	return lab_list_has(&rule->options, "--no-includes");
}

static bool is_semantic(const struct rule *rule)
{
	return rule->kind == RULE_COCCI || rule->kind == RULE_KERNEL;
}

static bool wanted(const struct check *check, const struct rule *rule)
{
	const struct lab_list *only = &check->args->rules;

	if (only->count && !lab_list_has(only, rule->id))
		return false;
	return rule->modes[check->mode] &&
	       (only->count || rule->confidence >= check->confidence);
}

/* Files in handfuls: @rule of a real run, or NULL and whether with headers. */
static void add_jobs(struct run *run, struct rule *rule, bool includes, struct source **files,
		     size_t count)
{
	for (size_t at = 0; at < count; at += CHUNK) {
		struct job *job = new_job(run);

		job->rule = rule;
		job->includes = includes;
		job->count = count - at < CHUNK ? count - at : CHUNK;
		job->files = lab_grow(NULL, job->count, sizeof(*job->files));
		memcpy(job->files, files + at, job->count * sizeof(*job->files));
	}
}

/* The files for which a rule that is wanted has something to look for. */
struct selection {
	struct source **files;
	size_t count;
	bool *parse[2];		/* by file: looked at without, with headers? */
};

static void select_files(struct run *run, struct rule *rule, struct selection *selection)
{
	struct check *check = run->check;

	selection->count = 0;
	for (size_t i = 0; i < check->sources.count; i++) {
		struct source *source = &check->sources.items[i];

		if (!source_concerns(source, rule))
			continue;
		/* What spatch cannot follow there is a gap; an optional rule makes none. */
		if (!rule->optional) {
			source->looked_at = true;
			selection->parse[!without_includes(rule)][i] = true;
		}
		selection->files[selection->count++] = source;
	}
	rule->files = selection->count;
}

static void plan_parsing(struct run *run, struct selection *selection, bool includes)
{
	struct sources *sources = &run->check->sources;

	selection->count = 0;
	for (size_t i = 0; i < sources->count; i++)
		if (selection->parse[includes][i])
			selection->files[selection->count++] = &sources->items[i];
	add_jobs(run, NULL, includes, selection->files, selection->count);
}

static void plan(struct run *run)
{
	struct check *check = run->check;
	size_t files = check->sources.count;
	struct selection selection = {
		.files = lab_grow(NULL, files, sizeof(*selection.files)),
		.parse = { calloc(files, sizeof(bool)), calloc(files, sizeof(bool)) },
	};

	for (size_t i = 0; i < check->rules.count; i++) {
		struct rule *rule = check->rules.items[i];

		if (!is_semantic(rule) || !wanted(check, rule))
			continue;
		/* Whoever names a rule wants to know that it has run. */
		rule->optional = rule->listed && !check->args->rules.count;
		check->rules_run++;
		select_files(run, rule, &selection);
		add_jobs(run, rule, false, selection.files, selection.count);
	}
	plan_parsing(run, &selection, false);
	plan_parsing(run, &selection, true);
	free(selection.parse[0]);
	free(selection.parse[1]);
	free(selection.files);
}

/* A line that is written over on a terminal, a new one now and then elsewhere. */
static void progress(size_t done, size_t count, void *data)
{
	struct run *run = data;
	double now = lab_now();

	if (isatty(STDERR_FILENO)) {
		fprintf(stderr, "\r  %zu of %zu parts, %.0f s\r", done, count, now - run->start);
		if (done == count)
			fprintf(stderr, "\r%40s\r", "");
		fflush(stderr);
	} else if (now - run->told > PROGRESS_SECONDS) {
		run->told = now;
		lab_note("  %zu of %zu parts, %.0f s", done, count, now - run->start);
	}
}

static int have_spatch(void)
{
	char *argv[] = { SPATCH, "--version", NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .capture_stderr = true };
	int code;
	enum lab_end end = lab_run(&cmd, &code);

	lab_buf_free(&out);
	if (end == LAB_END_EXIT && !code)
		return LAB_OK;
	lab_error("cannot run spatch, so nothing was checked; as root: apt-get install coccinelle");
	return LAB_CANNOT;
}

static void run_all(struct run *run)
{
	const struct pool pool = {
		.count = run->count, .threads = run->check->jobs, .work = run_job,
		.tick = progress, .data = run,
	};

	run->start = run->told = lab_now();
	if (run->count)
		pool_run(&pool);
	for (size_t i = 0; i < run->count; i++)
		spatch_read(run->check, &run->jobs[i]);
}

static void run_free(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		lab_buf_free(&run->jobs[i].out);
		free(run->jobs[i].files);
		free(run->jobs[i].log);
	}
	free(run->jobs);
	free(run->parse_rule);
	lab_scratch_drop(run->scratch);
}

int check_spatch(struct check *check)
{
	struct run run = { .check = check };
	int ret = have_spatch();

	if (ret)
		return ret;
	run.scratch = lab_scratch_tmp("mdev-sdk-");
	if (!run.scratch)
		return LAB_CANNOT;
	run.parse_rule = lab_fmt("%s/parse.cocci", run.scratch);
	ret = lab_write_file(run.parse_rule, parse_rule, strlen(parse_rule), 0600);
	if (!ret) {
		plan(&run);
		run_all(&run);
	}
	run_free(&run);
	return ret;
}
