// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run is believed only if it says how many tests there are, reports each of them once and in
 * order, says that it came to its end, and left the kernel without a complaint.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "splat.h"

#define END_MARK "# mdev-conform: end"
#define TIME_MARK "# mdev-conform: took "
/* What the suite writes to the kernel's log before each test, with the name of the test. */
#define TEST_MARK "mdev-conform: test "

void judge_init(struct judgement *judgement)
{
	*judgement = (struct judgement){ .plan = -1, .ms = -1 };
}

void judge_free(struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->count; i++) {
		free(judgement->results[i].name);
		free(judgement->results[i].reason);
		free(judgement->results[i].diagnostics);
	}
	free(judgement->results);
	lab_list_free(&judgement->problems);
	free(judgement->splat);
	free(judgement->splat_test);
	free(judgement->tail);
	judge_init(judgement);
}

static bool seen_before(const struct judgement *judgement, unsigned long number)
{
	for (size_t i = 0; i < judgement->count; i++)
		if (judgement->results[i].number == number)
			return true;
	return false;
}

static void check_number(struct judgement *judgement, unsigned long number, const char *name)
{
	if (seen_before(judgement, number))
		lab_list_addf(&judgement->problems, "result %lu is there twice (%s)", number, name);
	else if (number != judgement->count + 1)
		lab_list_addf(&judgement->problems, "result %lu (%s) comes where %zu is due",
			      number, name, judgement->count + 1);
}

/* KTAP's words behind a result that are known here, and what each makes of it. */
static const struct {
	const char *word;
	bool ok;			/* behind "ok", not "not ok" */
	enum verdict verdict;
	enum crash crash;
} directives[] = {
	{ "SKIP", true, VERDICT_SKIPPED, CRASH_NONE },
	{ "SKIP", false, VERDICT_FAILED, CRASH_NONE },
	{ "ERROR", false, VERDICT_FAILED, CRASH_OOPS },
	{ "TIMEOUT", false, VERDICT_FAILED, CRASH_HANG },
};

static void take_directive(struct result *result, const char *text, bool ok)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(directives); i++) {
		size_t len = strlen(directives[i].word);

		if (ok != directives[i].ok || strncasecmp(text, directives[i].word, len))
			continue;
		text += len;
		free(result->reason);
		result->reason = lab_strdup(text + strspn(text, " "));
		result->verdict = directives[i].verdict;
		result->crash = directives[i].crash;
		return;
	}
}

/* What follows "ok " or "not ok ": "NUMBER [-] NAME [# SKIP REASON]". */
static void take_result(struct judgement *judgement, char *text, bool ok, struct lab_buf *before)
{
	struct result result = {
		.verdict = ok ? VERDICT_PASSED : VERDICT_FAILED, .ms = judgement->ms,
	};
	char *directive = strstr(text, " # ");

	result.reason = lab_strdup("");
	result.number = strtoul(text, &text, 10);
	text += strspn(text, " ");
	if (lab_has_prefix(text, "- "))
		text += 2;
	if (directive) {
		*directive = '\0';
		directive += 3;
	}
	if (directive)
		take_directive(&result, directive, ok);
	result.name = lab_strdup(text);
	result.diagnostics = before->data ? before->data : lab_strdup("");
	*before = (struct lab_buf){ 0 };
	judgement->ms = -1;
	check_number(judgement, result.number, result.name);
	judgement->results = lab_grow(judgement->results, judgement->count + 1, sizeof(result));
	judgement->results[judgement->count++] = result;
	judgement->passed += result.verdict == VERDICT_PASSED;
	judgement->failed += result.verdict == VERDICT_FAILED;
	judgement->skipped += result.verdict == VERDICT_SKIPPED;
}

static bool take_plan(struct judgement *judgement, const char *line)
{
	char *end;
	long plan;

	if (!lab_has_prefix(line, "1..") || !isdigit(line[3]))
		return false;
	plan = strtol(line + 3, &end, 10);
	if (*end && *end != ' ')
		return false;
	if (judgement->plan >= 0)
		lab_list_addf(&judgement->problems, "a second plan, %s, after 1..%ld", line,
			      judgement->plan);
	judgement->plan = plan;
	return true;
}

static void take_line(struct judgement *judgement, char *line, struct lab_buf *before)
{
	if (!strcmp(line, END_MARK)) {
		judgement->end = true;
	} else if (!strcmp(line, "KTAP version 1")) {
		judgement->version = true;
	} else if (lab_has_prefix(line, TIME_MARK)) {
		judgement->ms = atol(line + strlen(TIME_MARK));
	} else if (lab_has_prefix(line, "ok ") && isdigit(line[3])) {
		take_result(judgement, line + 3, true, before);
	} else if (lab_has_prefix(line, "not ok ") && isdigit(line[7])) {
		take_result(judgement, line + 7, false, before);
	} else if (lab_has_prefix(line, "Bail out!")) {
		lab_list_addf(&judgement->problems, "the guest gave up:%s", line + 9);
		judgement->gave_up = true;
	} else if (!take_plan(judgement, line) && *line) {
		lab_buf_addf(before, "%s\n", lab_has_prefix(line, "# ") ? line + 2 : line);
	}
}

static void check_whole(struct judgement *judgement)
{
	struct lab_list *problems = &judgement->problems;

	/* A suite that could not even start has no other fault. */
	if (judgement->gave_up && !judgement->version)
		return;
	if (!judgement->version)
		lab_list_add(problems, "no line \"KTAP version 1\": the suite did not start");
	if (judgement->plan < 0)
		lab_list_add(problems, "no plan (1..N): how many tests there are is not known");
	else if (!judgement->plan)
		lab_list_add(problems, "the plan is 1..0: not one test was there to run");
	else if (judgement->count != (size_t)judgement->plan)
		lab_list_addf(problems, "%zu of %ld tests reported a result", judgement->count,
			      judgement->plan);
	if (!judgement->end)
		lab_list_add(problems, "no end marker: the suite did not come to its end");
}

void judge_ktap(struct judgement *judgement, const char *text)
{
	char *copy = lab_strdup(text), *line = copy;
	struct lab_buf before = { 0 };

	while (line && *line) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		if (lab_has_suffix(line, "\r"))
			line[strlen(line) - 1] = '\0';
		if (judgement->end && *line)
			lab_list_addf(&judgement->problems, "after the end marker: %s", line);
		else
			take_line(judgement, line, &before);
		line = next;
	}
	check_whole(judgement);
	judgement->tail = before.data;
	free(copy);
}

/* Where the report that starts at text ends: its own end mark, or a length no report exceeds. */
static const char *splat_end(const char *text)
{
	for (int lines = 0; *text && lines < 120; lines++) {
		const char *next = strchrnul(text, '\n');
		const char *mark = memmem(text, next - text, "---[ end ", 9);

		text = *next ? next + 1 : next;
		if (mark)
			break;
	}
	return text;
}

void judge_log(struct judgement *judgement, const char *log)
{
	const char *test = NULL;

	for (const char *line = log, *next; *line; line = next) {
		const char *end = strchrnul(line, '\n');
		const char *mark = memmem(line, end - line, TEST_MARK, strlen(TEST_MARK));
		bool mistake = judgement->of_suite && !mark && splat_is_mistake(line, end - line);

		next = *end ? end + 1 : end;
		if (mark)
			test = mark + strlen(TEST_MARK);
		if (mark || (!mistake && !splat_begins(line, end - line)))
			continue;
		/* The end that an oops makes is no second one. */
		if (judgement->splats && lab_has_prefix(splat_message(line), "Kernel panic"))
			continue;
		if (!mistake)
			next = splat_end(line);
		if (judgement->splats++)
			continue;
		judgement->splat = strndup(line, next - line);
		judgement->splat_test = test ? strndup(test, strcspn(test, "\r\n")) : NULL;
	}
}

const char *judge_last_test(const char *log, char **name)
{
	const char *last = NULL;

	for (const char *hit = log; (hit = strstr(hit, TEST_MARK)); hit += strlen(TEST_MARK))
		last = hit;
	*name = NULL;
	if (!last)
		return NULL;
	last += strlen(TEST_MARK);
	*name = strndup(last, strcspn(last, "\r\n"));
	return last + strcspn(last, "\n");
}

size_t judge_tests_begun(const char *log)
{
	size_t count = 0;

	for (const char *hit = log; (hit = strstr(hit, TEST_MARK)); hit += strlen(TEST_MARK))
		count++;
	return count;
}

/* "region" of region.size_zero[T]; 0 for a name that has no group. */
static size_t group_len(const char *name)
{
	size_t len = strcspn(name, ". ");

	return name[len] == '.' ? len : 0;
}

/* The first word of the line is so many characters of that. */
static bool begins_with_word(const char *line, const char *word, size_t len)
{
	return !strncmp(line, word, len) && strchr(" \t\n#", line[len]);
}

/* "region.*" */
static bool is_its_group(const char *line, const char *name)
{
	size_t len = group_len(name);

	return len && !strncmp(line, name, len + 1) && begins_with_word(line + len + 1, "*", 1);
}

/* Is name, or its group, on a line of text, before any '#'? */
static bool is_expected(const char *text, const char *name)
{
	for (; text && *text; text = strchr(text, '\n')) {
		text += strspn(text, "\n \t");
		if (begins_with_word(text, name, strlen(name)) ||
		    begins_with_word(text, name, strcspn(name, "[")) || is_its_group(text, name))
			return true;
	}
	return false;
}

static bool same_group(const struct result *a, const struct result *b)
{
	size_t len = group_len(a->name);

	return len && len == group_len(b->name) && !strncmp(a->name, b->name, len) &&
	       !strcmp(strchrnul(a->name, '['), strchrnul(b->name, '['));
}

/* One test in several types. */
static bool same_test(const struct result *a, const struct result *b)
{
	size_t len = strcspn(a->name, "[");

	return len == strcspn(b->name, "[") && !strncmp(a->name, b->name, len) &&
	       a->unexpected == b->unexpected;
}

/* The same with the same outcome: why it was skipped, how it crashed. */
static bool same_outcome(const struct result *a, const struct result *b)
{
	return same_test(a, b) && !strcmp(a->reason, b->reason);
}

typedef bool (*same_fn)(const struct result *a, const struct result *b);

/* How many results are like this one; 0 if one of them came before. */
static size_t count_alike(const struct judgement *judgement, const struct result *result,
			  same_fn same)
{
	size_t count = 0;

	for (size_t i = 0; i < judgement->count; i++) {
		const struct result *other = &judgement->results[i];

		if (other != result &&
		    (other->verdict != result->verdict || !same(result, other)))
			continue;
		if (other < result)
			return 0;
		count++;
	}
	return count;
}

/* "region.caps[a, b]" of the results like this one; NULL if one of them came before. */
static char *name_alike(const struct judgement *judgement, const struct result *result,
			same_fn same)
{
	size_t count = count_alike(judgement, result, same), len = strcspn(result->name, "[");
	struct lab_buf name = { 0 };
	char between = '[';

	if (!count)
		return NULL;
	if (count == 1)
		return lab_strdup(result->name);
	lab_buf_add(&name, result->name, len);
	for (size_t i = 0; i < judgement->count; i++) {
		const struct result *other = &judgement->results[i];
		const char *type = strchrnul(other->name, '[');

		if (other->verdict != result->verdict || !same(result, other) || !*type)
			continue;
		lab_buf_addf(&name, between == '[' ? "[%.*s" : ", %.*s",
			     (int)strcspn(type + 1, "]"), type + 1);
		between = ',';
	}
	if (between != '[')
		lab_buf_addf(&name, "]");
	return name.data;
}

static bool is_not_here(const struct result *result)
{
	return result->verdict == VERDICT_SKIPPED && lab_has_prefix(result->reason, JUDGE_NOT_HERE);
}

/* Without those that could not be run here, whatever the device is. */
static bool in_group_of(const struct result *result, const struct result *other)
{
	size_t len = group_len(result->name);

	return len && !strncmp(result->name, other->name, len + 1) && !is_not_here(other);
}

/* The results of its group, if it has several tests and all were skipped for one reason; else 0. */
static size_t count_group(const struct judgement *judgement, const struct result *result)
{
	size_t count = 0, tests = 0;

	for (size_t i = 0; i < judgement->count; i++) {
		const struct result *other = &judgement->results[i];

		if (!in_group_of(result, other))
			continue;
		if (other->verdict != VERDICT_SKIPPED || strcmp(other->reason, result->reason))
			return 0;
		count++;
		tests += !strcmp(strchrnul(other->name, '['), strchrnul(result->name, '['));
	}
	return tests > 1 ? count : 0;
}

static bool is_first_of_group(const struct judgement *judgement, const struct result *result)
{
	const struct result *first = judgement->results;

	while (!in_group_of(result, first))
		first++;
	return first == result;
}

/* What is not on the list, once: a test, or the whole of a group; NULL: that was said already. */
static char *name_unexpected(const struct judgement *judgement, const struct result *result)
{
	if (!result->unexpected)
		return NULL;
	if (!count_group(judgement, result))
		return name_alike(judgement, result, same_test);
	if (!is_first_of_group(judgement, result))
		return NULL;
	return lab_fmt("%.*s.*", (int)group_len(result->name), result->name);
}

/* A crash that keeps a test from being run is a failure already. */
static bool may_skip(const struct result *result, const char *text)
{
	return lab_has_prefix(result->reason, JUDGE_NOT_RUN) || is_expected(text, result->name);
}

void judge_skips(struct judgement *judgement, const char *text)
{
	for (size_t i = 0; i < judgement->count; i++) {
		struct result *result = &judgement->results[i];

		result->unexpected = result->verdict == VERDICT_SKIPPED && !may_skip(result, text);
	}
	for (size_t i = 0; i < judgement->count; i++) {
		char *name = name_unexpected(judgement, &judgement->results[i]);

		if (name)
			lab_list_addf(&judgement->problems,
				      "the skip of %s is not on the list of expected skips; add it "
				      "to expected-skips if the device is meant to be so", name);
		free(name);
	}
}

size_t judge_failures(const struct judgement *judgement)
{
	return judgement->failed + judgement->problems.count + !!judgement->splats;
}

int judge_status(const struct judgement *judgement)
{
	if (judge_failures(judgement))
		return LAB_FOUND;
	return judgement->passed ? LAB_OK : LAB_SKIPPED;
}

const char *judge_culprit(const struct judgement *judgement, const struct lab_list *names)
{
	if (judgement->splat_test)
		return judgement->splat_test;
	if (judgement->plan <= 0 || judgement->count >= (size_t)judgement->plan || !names->count)
		return NULL;
	return names->items[judgement->count % names->count];
}

static void print_indented(FILE *out, const char *text)
{
	while (*text) {
		const char *end = strchrnul(text, '\n');

		fprintf(out, "         %.*s\n", (int)(end - text), text);
		text = *end ? end + 1 : end;
	}
}

static void print_passed(const struct judgement *judgement, const struct result *result, FILE *out)
{
	size_t count = count_alike(judgement, result, same_group);

	if (count == 1)
		fprintf(out, "  ok      %s\n", result->name);
	else if (count)
		fprintf(out, "  ok      %.*s%s: %zu tests\n", (int)group_len(result->name),
			result->name, strchrnul(result->name, '['), count);
}

static void print_skipped(const struct judgement *judgement, const struct result *result, FILE *out)
{
	size_t count = count_alike(judgement, result, same_outcome);
	size_t group = count_group(judgement, result);

	if (is_not_here(result) || (group && !is_first_of_group(judgement, result)))
		return;
	if (group)
		fprintf(out, "  skipped %.*s.*: %s (%zu tests)\n", (int)group_len(result->name),
			result->name, result->reason, group);
	else if (count == 1)
		fprintf(out, "  skipped %s: %s\n", result->name, result->reason);
	else if (count)
		fprintf(out, "  skipped %.*s: %s (%zu types)\n", (int)strcspn(result->name, "["),
			result->name, result->reason, count);
}

/* The types of a driver seldom differ in what is wrong: the words are those of the first one. */
static void print_failed(const struct judgement *judgement, const struct result *result, FILE *out)
{
	char *name = name_alike(judgement, result, same_outcome);
	const char *type = strchrnul(result->name, '[');

	if (!name)
		return;
	fprintf(out, "  FAILED  %s%s%s\n", name, *result->reason ? ": " : "", result->reason);
	if (strcmp(name, result->name) && *result->diagnostics)
		fprintf(out, "         with %.*s:\n", (int)strcspn(type + 1, "]"), type + 1);
	print_indented(out, result->diagnostics);
	free(name);
}

static void print_verdict(const struct judgement *judgement, enum verdict verdict,
			  void (*print)(const struct judgement *judgement,
					const struct result *result, FILE *out), FILE *out)
{
	for (size_t i = 0; i < judgement->count; i++)
		if (judgement->results[i].verdict == verdict)
			print(judgement, &judgement->results[i], out);
}

void judge_print_failures(const struct judgement *judgement, FILE *out)
{
	print_verdict(judgement, VERDICT_FAILED, print_failed, out);
	for (size_t i = 0; i < judgement->problems.count; i++)
		fprintf(out, "  FAILED  the run: %s\n", judgement->problems.items[i]);
	if (judgement->problems.count && judgement->tail)
		print_indented(out, judgement->tail);
}

/* Each with its reason is in the KTAP. */
static void print_not_here(const struct judgement *judgement, FILE *out)
{
	size_t count = 0;

	for (size_t i = 0; i < judgement->count; i++)
		count += is_not_here(&judgement->results[i]);
	if (count)
		fprintf(out, "  skipped %zu of what only a kernel has, as sysfs and groups: a guest has them; "
			"--ktap FILE says which\n", count);
}

void judge_print_rest(const struct judgement *judgement, FILE *out)
{
	print_verdict(judgement, VERDICT_SKIPPED, print_skipped, out);
	print_not_here(judgement, out);
	print_verdict(judgement, VERDICT_PASSED, print_passed, out);
}
