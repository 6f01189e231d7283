// SPDX-License-Identifier: GPL-2.0-only
/* Other programs whose findings stand in the same report: sparse, the compiler, cppcheck. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "places.h"

/* What an operand's folder is called in the lines of a program. */
struct lines {
	struct check *check;
	const struct rule *rule, *compiler;
	const char *copy;	/* NULL: as the user calls it */
};

/* "PATH:LINE:COLUMN: warning: words"; lines that continue one have no such word. */
static void take_line(const struct lines *lines, const char *line)
{
	static const char *const words[] = { ": note: ", ": warning: ", ": error: " };
	struct place place = { .rule = lines->rule, .severity = SEVERITY_WARNING };
	const char *at = line, *message = NULL;
	size_t copy = lines->copy ? strlen(lines->copy) : 0;
	int used = 0;

	for (int severity = SEVERITY_WARNING; severity < SEVERITIES && !message; severity++) {
		message = strstr(line, words[severity]);
		place.severity = severity;
	}
	if (!message || (copy && strncmp(line, lines->copy, copy)))
		return;
	while ((at = strchr(at, ':')) &&
	       sscanf(at, ":%u:%u:%n", &place.line, &place.column, &used) < 2)
		at++;
	if (!at || !used || at > message)
		return;
	if (lines->compiler && strstr(message, " [-W"))
		place.rule = lines->compiler;
	message = strstr(message + 2, ": ") + 2;
	place.message = lab_strdup(message);
	place.path = copy ? lab_fmt("%s%.*s", lines->check->sources.folder,
				    (int)(at - line - copy), line + copy) :
			    strndup(line, at - line);
	check_found(lines->check, place);
}

static void take_lines(const struct lines *lines, char *text)
{
	char *save = NULL;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		take_line(lines, line);
}

/* A module built outside of a kernel's tree says so in its makefile. */
static bool is_module(const char *folder)
{
	static const char *const names[] = { "Kbuild", "Makefile" };
	bool hit = false;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names) && !hit; i++) {
		char *path = lab_fmt("%s/%s", folder, names[i]);
		char *text = lab_read_file(path, NULL);

		hit = text && (strstr(text, "obj-m") || strstr(text, "KBUILD_EXTMOD"));
		free(text);
		free(path);
	}
	return hit;
}

static bool have_program(const char *name)
{
	char *argv[] = { (char *)name, "--version", NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .capture_stderr = true };
	int code;
	enum lab_end end = lab_run(&cmd, &code);

	lab_buf_free(&out);
	return end == LAB_END_EXIT && !code;
}

static void all_looked_at(struct check *check, struct rule *rule)
{
	rule->files = check->sources.count;
	check->rules_run++;
}

/* The user knows the tree, not the copy of it that was built. */
static char *as_user_knows(const struct check *check, char *why, const char *copy)
{
	size_t len = copy ? strlen(copy) : 0;
	char *known;

	if (!why)
		return lab_strdup("the tree was not built");
	if (!len || strncmp(why, copy, len))
		return why;
	known = lab_fmt("%s%s", check->sources.folder, why + len);
	free(why);
	return known;
}

static void sparse_on(struct check *check, const struct kernel *kernel)
{
	struct rule *rule = rules_add_program(&check->rules, "sparse", "what sparse says");
	struct rule *compiler = rules_add_program(&check->rules, "gcc", "what the compiler says");
	char *copy = NULL, *log = NULL, *why = NULL;
	double start = lab_now();

	if (tree_sparse(check->sources.folder, kernel, &copy, &log, &why)) {
		check_gap(check, NULL, 0, rule, as_user_knows(check, why, copy));
	} else {
		const struct lines lines = {
			.check = check, .rule = rule, .compiler = compiler, .copy = copy,
		};

		take_lines(&lines, log);
		all_looked_at(check, rule);
	}
	rule->seconds = lab_now() - start;
	free(copy);
	free(log);
}

static void sparse(struct check *check)
{
	const struct args *args = check->args;
	struct kernel kernel = { 0 };
	const char *lacks = NULL;
	int found;

	if (!is_module(check->sources.folder))
		lacks = "no Kbuild of a module is in the folder";
	else if (!have_program("sparse"))
		lacks = "there is no sparse; as root: apt-get install sparse";
	if (!lacks) {
		found = args->sparse ? sdk_kernel_get(check->kernel, false, &kernel) :
				       sdk_kernel_peek(check->kernel, &kernel);
		if (!found)
			sparse_on(check, &kernel);
		else
			lacks = "the kernel to build for is not in the cache; --sparse fetches it";
		kernel_free(&kernel);
	}
	if (lacks && args->sparse)
		check_gap(check, NULL, 0, rules_add_program(&check->rules, "sparse", "sparse"),
			  lab_strdup(lacks));
	else if (lacks)
		lab_list_addf(&check->remarks, "sparse: %s", lacks);
}

static void cppcheck(struct check *check)
{
	struct rule *rule = rules_add_program(&check->rules, "cppcheck", "what cppcheck says");
	char *argv[] = {
		"cppcheck", "--quiet", "--inline-suppr", "--std=c11", "-D_GNU_SOURCE",
		"--enable=warning,performance,portability", "--suppress=missingIncludeSystem",
		"--template={file}:{line}:{column}: warning: {message} ({id})",
		"--template-location=", (char *)check->args->operand, NULL,
	};
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &out, .capture_stderr = true };
	const struct lines lines = { .check = check, .rule = rule };
	double start = lab_now();
	int code;
	enum lab_end end = lab_run(&cmd, &code);

	if (end != LAB_END_EXIT || code) {
		check_gap(check, NULL, 0, rule, lab_strdup(end == LAB_END_NOSTART ?
			  "there is no cppcheck; as root: apt-get install cppcheck" :
			  "cppcheck failed"));
	} else {
		take_lines(&lines, out.data);
		all_looked_at(check, rule);
	}
	rule->seconds = lab_now() - start;
	lab_buf_free(&out);
}

void check_programs(struct check *check)
{
	const struct args *args = check->args;

	if (check->mode != MODE_REPORT)
		return;
	if (args->sparse || (!args->no_sparse && !args->rules.count && !args->cocci))
		sparse(check);
	if (args->cppcheck)
		cppcheck(check);
}
