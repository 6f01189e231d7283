// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk check: looks for the field's mistakes in any tree of C. */
#define _GNU_SOURCE
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "common/sdk.h"
#include "known.h"
#include "places.h"
#include "report.h"
#include "since.h"

#define RULE_SECONDS 60

static int choose(const char *option, const char *text, const char *const *names, size_t count,
		  int standard)
{
	struct lab_buf all = { 0 };
	int at = text ? check_name(names, count, text) : standard;

	if (at >= 0)
		return at;
	for (size_t i = 0; i < count; i++)
		lab_buf_addf(&all, "%s%s", i ? ", " : "", names[i]);
	lab_error("--%s is '%s', one of these is needed: %s", option, text, all.data);
	lab_buf_free(&all);
	return -1;
}

static int read_choices(struct check *check)
{
	const struct args *args = check->args;
	int mode = choose("mode", args->mode, mode_names, MODES, MODE_REPORT);
	int severity = choose("severity", args->severity, severity_names, SEVERITIES,
			      SEVERITY_WARNING);
	int confidence = choose("confidence", args->confidence, confidence_names, CONFIDENCES,
				CONFIDENCE_MODERATE);

	if (mode < 0 || severity < 0 || confidence < 0)
		return LAB_USAGE;
	if (args->json + args->sarif + (mode != MODE_REPORT) > 1) {
		lab_error("--json, --sarif and --mode %s print different things; give one of them",
			  mode_names[mode]);
		return LAB_USAGE;
	}
	check->mode = mode;
	check->severity = severity;
	check->confidence = confidence;
	check->timeout = args->timeout ? args->timeout : RULE_SECONDS;
	check->jobs = args->jobs ? args->jobs : sysconf(_SC_NPROCESSORS_ONLN);
	return LAB_OK;
}

/* A semantic patch that the user brings is the only rule, of which its head need not say much. */
static int add_own(struct check *check)
{
	char *copy = lab_strdup(check->args->cocci), *name = basename(copy);
	char *id = lab_has_suffix(name, ".cocci") ?
		   strndup(name, strlen(name) - strlen(".cocci")) : lab_strdup(name);
	char *own = lab_fmt("%s/tools/cocci/rules/%s.cocci", sdk_root(), id);
	bool ours = lab_exists(own);
	int ret;

	free(own);
	ret = rules_add(&check->rules, check->args->cocci, id, ours ? RULE_COCCI : RULE_KERNEL);
	check->confidence = CONFIDENCE_LOW;
	free(copy);
	free(id);
	return ret;
}

static int load_rules(struct check *check)
{
	const char *scripts = check->args->kernel_scripts;
	char *absent = NULL;
	int ret;

	if (check->args->cocci)
		return add_own(check);
	ret = rules_load(&check->rules);
	if (!ret && !(scripts && !strcmp(scripts, "none")))
		ret = rules_add_kernel(&check->rules, scripts, &absent);
	if (absent && !check->args->rules.count)
		lab_list_addf(&check->remarks, "the kernel's own rules: %s", absent);
	free(absent);
	return ret;
}

static int check_rule_names(const struct check *check)
{
	const struct lab_list *only = &check->args->rules;

	for (size_t i = 0; i < only->count; i++)
		if (!rules_find(&check->rules, only->items[i]))
			return rules_unknown(&check->rules, only->items[i]);
	return LAB_OK;
}

/* A file that nothing could read, or that is no text. */
static void gaps_of_files(struct check *check)
{
	for (size_t i = 0; i < check->sources.count; i++) {
		const struct source *source = &check->sources.items[i];

		if (source->same)
			continue;
		if (!source->text)
			check_gap(check, source->path, 0, NULL, lab_strdup("it cannot be read"));
		else if (strlen(source->text) != source->len)
			check_gap(check, source->path, 0, NULL,
				  lab_strdup("it holds a NUL byte, so it is no C"));
	}
}

static int read_conf(struct check *check)
{
	const struct args *args = check->args;
	int ret = LAB_OK;

	for (size_t i = 0; i < args->aliases.count && !ret; i++)
		ret = aliases_add(&check->aliases, args->aliases.items[i], "--alias");
	if (!ret && args->alias_file)
		ret = aliases_read(&check->aliases, args->alias_file);
	if (!ret)
		ret = checkconf_read(sources_dir(&check->sources), &check->rules, &check->aliases,
				     &check->conf);
	check->baseline = args->baseline ? args->baseline : check->conf.baseline;
	check->kernel = args->kernel ? args->kernel : check->conf.kernel;
	return ret;
}

/* What is written anew is no patch for what is there. */
static int apply_aliases(struct check *check, const struct table *table, const struct known *known)
{
	char *scratch;

	if (check->mode != MODE_REPORT)
		return LAB_OK;
	aliases_find(&check->aliases, table, known, &check->sources);
	if (!check->aliases.count)
		return LAB_OK;
	scratch = lab_scratch_tmp("mdev-sdk-");
	if (!scratch)
		return LAB_CANNOT;
	check->aliases.folder = scratch;
	return aliases_apply(&check->aliases, &check->sources);
}

/* A file may have nothing to find; of a tree that would be strange. */
static void gap_of_names(struct check *check, const struct known *known)
{
	const struct args *args = check->args;

	if (args->cocci || !lab_is_dir(args->operand ? args->operand : ".") ||
	    known_anywhere(known, &check->sources))
		return;
	check_gap(check, NULL, 0, NULL,
		  lab_strdup("no file has a name that rules know; if they call the kernel by names of "
			     "their own, --alias WRAPPER=API says by which"));
}

static int look_at_names(struct check *check)
{
	struct table table = { 0 };
	struct known known = { 0 };
	int ret = table_load(&table);

	if (!ret) {
		known_load(&known, &table, &check->rules);
		ret = aliases_check(&check->aliases, &known);
	}
	if (!ret)
		ret = apply_aliases(check, &table, &known);
	if (!ret)
		gap_of_names(check, &known);
	known_free(&known);
	table_free(&table);
	return ret;
}

static int run_rules(struct check *check)
{
	const struct lab_list *links = &check->sources.links;
	double start = lab_now();
	int ret = check_spatch(check);

	gaps_of_files(check);
	for (size_t i = 0; i < links->count; i++)
		lab_list_addf(&check->remarks, "%s: a link to a folder is not followed",
			      links->items[i]);
	if (!ret)
		check_text(check);
	if (!ret)
		ret = check_flow(check);
	if (!ret)
		check_programs(check);
	check->seconds = lab_now() - start;
	check_sort(check);
	/* Half of a report would look like a whole one. */
	return lab_interrupted() ? LAB_CANNOT : ret;
}

static void report(const struct check *check)
{
	const struct args *args = check->args;

	if (args->json)
		check_report_json(check);
	else if (args->sarif)
		check_report_sarif(check);
	else
		check_report_text(check);
	fflush(stdout);
	check_summary(check, args->json || args->sarif || check->mode != MODE_REPORT ? stderr :
		      stdout);
}

static void check_free(struct check *check)
{
	for (size_t i = 0; i < check->place_count; i++) {
		free(check->places[i].path);
		free(check->places[i].id);
		free(check->places[i].message);
		free(check->places[i].function);
		free(check->places[i].text);
	}
	for (size_t i = 0; i < check->gap_count; i++) {
		free(check->gaps[i].path);
		free(check->gaps[i].why);
	}
	free(check->places);
	free(check->gaps);
	lab_list_free(&check->remarks);
	lab_buf_free(&check->diff);
	lab_scratch_drop(check->aliases.folder);
	aliases_free(&check->aliases);
	checkconf_free(&check->conf);
	rules_free(&check->rules);
	sources_free(&check->sources);
}

int cmd_check(const struct args *args)
{
	struct check check = { .args = args };
	int ret = read_choices(&check);

	if (!ret)
		ret = load_rules(&check);
	if (!ret)
		ret = check_rule_names(&check);
	if (!ret)
		ret = sources_load(&check.sources, args->operand ? args->operand : ".");
	if (!ret)
		ret = read_conf(&check);
	if (!ret && args->since)
		ret = since_read(&check.sources, args->since);
	if (!ret)
		ret = look_at_names(&check);
	if (!ret)
		ret = run_rules(&check);
	/* Who writes one anew wants all of it in it. */
	if (!ret && check.baseline && !(args->write_baseline && !args->baseline))
		ret = check_baseline_read(&check, check.baseline);
	if (!ret && args->write_baseline)
		ret = check_baseline_write(&check, args->write_baseline);
	if (!ret) {
		report(&check);
		ret = check_status(&check);
	}
	if (ret == LAB_FOUND && args->write_baseline)
		ret = LAB_OK;
	check_free(&check);
	return ret;
}
