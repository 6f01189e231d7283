// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs spatch, several at a time. A file goes to a rule only if the index says that the rule may
 * find something, and spatch itself does not parse what lacks the words of a rule. The SDK's own
 * rules share a process, and so the parsing, which is most of the work. Where one of them takes for
 * ever or is broken, the others go with it: then each runs once more by itself, on each file.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "common/sdk.h"
#include "pool.h"
#include "spatch.h"
#include "table.h"

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
	bool plain_regex;	/* of OCaml, as spatch itself says */
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
	/* Those that share a process have the same options. */
	const struct rule *rule = job->nr_rules ? job->rules[0] : NULL;
	char *macro_file = macros();

	lab_list_add(argv, SPATCH);
	lab_list_addf(argv, "--timeout");
	lab_list_addf(argv, "%u", check->timeout);
	lab_list_add(argv, "-D");
	lab_list_add(argv, rule ? mode_names[check->mode] : mode_names[MODE_REPORT]);
	if (lab_exists(macro_file)) {
		lab_list_add(argv, "--macro-file");
		lab_list_add(argv, macro_file);
	}
	free(macro_file);
	for (size_t i = 0; !rule && i < LAB_ARRAY_SIZE(parse); i++)
		lab_list_add(argv, parse[i]);
	if (!rule && !job->includes)
		lab_list_add(argv, "--no-includes");
	for (size_t i = 0; rule && i < rule->options.count; i++)
		lab_list_add(argv, rule->options.items[i]);
	if (rule && (check->mode == MODE_PATCH || check->mode == MODE_CONTEXT)) {
		lab_list_add(argv, "--patch");
		lab_list_add(argv, check->sources.folder);
	}
}

/* One that a user brings may ask for names as ours do; or it has a function of that name. */
static bool asks_for_names(const struct rule *rule)
{
	char *text = lab_read_file(rule->path, NULL);
	char *whole = text ? table_expand(text, ", ") : NULL;
	bool asks = whole && strcmp(whole, text);

	free(whole);
	free(text);
	return asks;
}

/* The semantic patch of a job; NULL after a message. */
static char *write_rules(const struct run *run, const struct job *job)
{
	char *path;

	if (!job->nr_rules)
		return lab_strdup(run->parse_rule);
	/* Only ours share a process. */
	if (job->rules[0]->kind != RULE_COCCI &&
	    !(run->check->args->cocci && asks_for_names(job->rules[0])))
		return lab_strdup(job->rules[0]->path);
	path = job->nr_rules == 1 ?
	       lab_fmt("%s/%zu-%s.cocci", run->scratch, (size_t)(job - run->jobs),
		       job->rules[0]->id) :
	       lab_fmt("%s/%zu.cocci", run->scratch, (size_t)(job - run->jobs));
	if (spatch_join(job, run->plain_regex, path)) {
		free(path);
		return NULL;
	}
	return path;
}

/* A group of its own for each file: those of one command line would be taken as one program. */
static char *write_groups(const struct run *run, const struct job *job)
{
	char *path = lab_fmt("%s/%zu.files", run->scratch, (size_t)(job - run->jobs));
	struct lab_buf text = { 0 };

	for (size_t i = 0; i < job->count; i++)
		lab_buf_addf(&text, "%s%s\n", i ? "\n" : "",
			     job->files[i]->copy ? job->files[i]->copy : job->files[i]->path);
	if (lab_write_file(path, text.data, text.len, 0600)) {
		free(path);
		path = NULL;
	}
	lab_buf_free(&text);
	return path;
}

/*
 * All limits are in time of the processor, so that a machine with much else to do finds as much.
 * spatch itself ends what takes longer than --timeout on a file, but not while a script runs; so
 * there is a limit from outside too, and one for what waits for ever.
 */
static void run_job(struct run *run, struct job *job)
{
	char *groups = write_groups(run, job), *rules = write_rules(run, job);
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = {
		.output = job->log, .capture = job->nr_rules ? &job->out : NULL,
		.cpu = run->check->timeout * (job->count + 1), .idle = IDLE_SECONDS,
	};
	double start = lab_now();

	job->end = LAB_END_NOSTART;
	if (groups && rules) {
		add_arguments(&argv, run, job);
		lab_list_add(&argv, "--cocci-file");
		lab_list_add(&argv, rules);
		lab_list_add(&argv, "--file-groups");
		lab_list_add(&argv, groups);
		cmd.argv = argv.items;
		job->end = lab_run(&cmd, &job->code);
	}
	job->seconds = lab_now() - start;
	lab_list_free(&argv);
	free(groups);
	free(rules);
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

/* Rules and files that go to one process. */
static struct job *add_job(struct run *run, struct rule *const *rules, size_t nr_rules,
			   struct source *const *files, size_t count)
{
	struct job *job = new_job(run);

	job->nr_rules = nr_rules;
	job->rules = lab_grow(NULL, nr_rules + 1, sizeof(*job->rules));
	if (nr_rules)
		memcpy(job->rules, rules, nr_rules * sizeof(*rules));
	job->count = count;
	job->files = lab_grow(NULL, count + 1, sizeof(*job->files));
	memcpy(job->files, files, count * sizeof(*files));
	job->lost = lab_grow(NULL, count + 1, sizeof(*job->lost));
	memset(job->lost, 0, count * sizeof(*job->lost));
	return job;
}

/* What is wanted: files in the order of the sources, and the rules that share a process. */
struct selection {
	struct source **files;
	size_t count;
	struct rule **rules;
	size_t nr_rules;
	bool *parse[2];		/* by file: looked at without, with headers? */
};

static void take_file(struct run *run, struct rule *rule, struct selection *selection, size_t at)
{
	struct source *source = &run->check->sources.items[at];

	/* What spatch cannot follow there is a gap; an optional rule makes none. */
	if (!rule->optional) {
		source->looked_at = true;
		selection->parse[!without_includes(rule)][at] = true;
	}
	rule->files++;
}

static void select_files(struct run *run, struct rule *rule, struct selection *selection)
{
	struct sources *sources = &run->check->sources;

	selection->count = 0;
	for (size_t i = 0; i < sources->count; i++)
		if (source_concerns(&sources->items[i], rule)) {
			take_file(run, rule, selection, i);
			selection->files[selection->count++] = &sources->items[i];
		}
}

/* Files in handfuls, all of them for one rule, or for none. */
static void plan_alone(struct run *run, struct rule *rule, bool includes,
		       const struct selection *selection)
{
	for (size_t at = 0; at < selection->count; at += CHUNK) {
		size_t rest = selection->count - at;

		add_job(run, &rule, rule ? 1 : 0, selection->files + at,
			rest < CHUNK ? rest : CHUNK)->includes = includes;
	}
}

static void plan_parsing(struct run *run, struct selection *selection, bool includes)
{
	struct sources *sources = &run->check->sources;

	selection->count = 0;
	for (size_t i = 0; i < sources->count; i++)
		if (selection->parse[includes][i])
			selection->files[selection->count++] = &sources->items[i];
	plan_alone(run, NULL, includes, selection);
}

static bool concerns_any(struct source *const *files, size_t count, const struct rule *rule)
{
	for (size_t i = 0; i < count; i++)
		if (source_concerns(files[i], rule))
			return true;
	return false;
}

/* Those of the rules that may find something in one of the files. */
static void add_together(struct run *run, const struct selection *selection, size_t at,
			 size_t count)
{
	struct rule **rules = lab_grow(NULL, selection->nr_rules + 1, sizeof(*rules));
	size_t nr_rules = 0;

	for (size_t i = 0; i < selection->nr_rules; i++)
		if (concerns_any(selection->files + at, count, selection->rules[i]))
			rules[nr_rules++] = selection->rules[i];
	add_job(run, rules, nr_rules, selection->files + at, count);
	free(rules);
}

/* As many processes as there are processors, if files suffice; each takes a second to begin. */
static void plan_together(struct run *run, struct selection *selection)
{
	struct sources *sources = &run->check->sources;
	size_t handful;

	selection->count = 0;
	for (size_t i = 0; i < sources->count; i++) {
		bool hit = false;

		for (size_t k = 0; k < selection->nr_rules; k++) {
			if (!source_concerns(&sources->items[i], selection->rules[k]))
				continue;
			take_file(run, selection->rules[k], selection, i);
			hit = true;
		}
		if (hit)
			selection->files[selection->count++] = &sources->items[i];
	}
	handful = (selection->count + run->check->jobs - 1) / run->check->jobs;
	handful = handful > CHUNK ? CHUNK : handful;
	for (size_t at = 0; at < selection->count; at += handful) {
		size_t rest = selection->count - at;

		add_together(run, selection, at, rest < handful ? rest : handful);
	}
}

/* Ours, in report mode; who wants to know how long each takes has each by itself. */
static bool shares(const struct check *check, const struct rule *rule)
{
	return rule->kind == RULE_COCCI && check->mode == MODE_REPORT && !check->args->verbose &&
	       rule->options.count == 1 && without_includes(rule);
}

static void plan(struct run *run)
{
	struct check *check = run->check;
	size_t files = check->sources.count;
	struct selection selection = {
		.files = lab_grow(NULL, files, sizeof(*selection.files)),
		.rules = lab_grow(NULL, check->rules.count + 1, sizeof(*selection.rules)),
		.parse = { calloc(files, sizeof(bool)), calloc(files, sizeof(bool)) },
	};

	for (size_t i = 0; i < check->rules.count; i++) {
		struct rule *rule = check->rules.items[i];

		if (!is_semantic(rule) || !wanted(check, rule))
			continue;
		/* Whoever names a rule wants to know that it has run. */
		rule->optional = rule->listed && !check->args->rules.count;
		check->rules_run++;
		if (shares(check, rule)) {
			selection.rules[selection.nr_rules++] = rule;
			continue;
		}
		select_files(run, rule, &selection);
		plan_alone(run, rule, false, &selection);
	}
	plan_together(run, &selection);
	plan_parsing(run, &selection, false);
	plan_parsing(run, &selection, true);
	free(selection.parse[0]);
	free(selection.parse[1]);
	free(selection.rules);
	free(selection.files);
}

/* What is lost of a job, a rule and a file at a time. */
static void plan_again(struct run *run, size_t index)
{
	for (size_t i = 0; i < run->jobs[index].count; i++) {
		const struct job *job = &run->jobs[index];
		struct source *file = job->files[i];
		struct rule *none = NULL;

		if (!job->lost[i])
			continue;
		if (!job->nr_rules)
			add_job(run, &none, 0, &file, 1)->includes = run->jobs[index].includes;
		for (size_t k = 0; k < run->jobs[index].nr_rules; k++)
			if (source_concerns(file, run->jobs[index].rules[k]))
				add_job(run, &run->jobs[index].rules[k], 1, &file, 1);
	}
}

/* The jobs from one on. */
struct part {
	struct run *run;
	size_t first;
};

static void run_part(size_t index, void *data)
{
	const struct part *part = data;

	run_job(part->run, &part->run->jobs[part->first + index]);
}

/* A line that is written over on a terminal, a new one now and then elsewhere. */
static void progress(size_t done, size_t count, void *data)
{
	struct run *run = ((const struct part *)data)->run;
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

static int have_spatch(bool *plain_regex)
{
	char *argv[] = { SPATCH, "--version", NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .capture_stderr = true };
	int code;
	enum lab_end end = lab_run(&cmd, &code);

	*plain_regex = out.len && strstr(out.data, "regular expressions: Str");
	lab_buf_free(&out);
	if (end == LAB_END_EXIT && !code)
		return LAB_OK;
	lab_error("cannot run spatch, so nothing was checked; as root: apt-get install coccinelle");
	return LAB_CANNOT;
}

static void run_from(struct run *run, size_t first, unsigned int threads)
{
	const struct part part = { run, first };
	const struct pool pool = {
		.count = run->count - first, .threads = threads, .work = run_part,
		.tick = progress, .data = (void *)&part,
	};

	run->start = run->told = lab_now();
	if (pool.count)
		pool_run(&pool);
	for (size_t i = first; i < run->count; i++)
		spatch_read(run->check, &run->jobs[i]);
}

/* What was lost goes on by itself, with nothing beside it. */
static void run_all(struct run *run)
{
	size_t count = run->count;

	run_from(run, 0, run->check->jobs);
	for (size_t i = 0; i < count && !lab_interrupted(); i++)
		plan_again(run, i);
	for (size_t i = count; i < run->count; i++)
		run->jobs[i].last = true;
	run_from(run, count, 1);
}

static void run_free(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		lab_buf_free(&run->jobs[i].out);
		free(run->jobs[i].rules);
		free(run->jobs[i].files);
		free(run->jobs[i].lost);
		free(run->jobs[i].log);
	}
	free(run->jobs);
	free(run->parse_rule);
	lab_scratch_drop(run->scratch);
}

int check_spatch(struct check *check)
{
	struct run run = { .check = check };
	int ret = have_spatch(&run.plain_regex);

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
