// SPDX-License-Identifier: GPL-2.0-only
/* JUnit's XML, as CI systems read it: a testcase for each test, and one for each other failure. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "report.h"

/* A line break in an attribute would be read as a blank. */
static void add_escaped(struct lab_buf *out, const char *text)
{
	static const struct {
		char c;
		const char *name;
	} names[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
		{ '\'', "&apos;" }, { '\n', "&#10;" }, { '\t', "&#9;" },
	};
	char *clean = text_clean(text);

	for (const char *p = clean; *p; p++) {
		const char *name = NULL;

		for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
			if (names[i].c == *p)
				name = names[i].name;
		lab_buf_add(out, name ? name : p, name ? strlen(name) : 1);
	}
	free(clean);
}

static void add_attribute(struct lab_buf *out, const char *name, const char *value)
{
	lab_buf_addf(out, " %s=\"", name);
	add_escaped(out, value);
	lab_buf_addf(out, "\"");
}

/* "region" of region.size_zero; what has no group is one of its own. */
static char *group_of(const char *name)
{
	size_t len = strcspn(name, ". ");
	char *group = name[len] == '.' ? strndup(name, len) : NULL;

	return group ? group : lab_strdup("mdev-sdk");
}

static void open_case(struct lab_buf *out, const char *group, const char *name, long ms)
{
	lab_buf_addf(out, "    <testcase");
	add_attribute(out, "classname", group);
	add_attribute(out, "name", name);
	if (ms >= 0)
		lab_buf_addf(out, " time=\"%ld.%03ld\"", ms / 1000, ms % 1000);
	lab_buf_addf(out, ">");
}

/* What was wrong: its first line as the message, all of it as the text. */
static void add_fault(struct lab_buf *out, const char *element, const char *text)
{
	char *first = strndup(text, strcspn(text, "\n"));

	lab_buf_addf(out, "\n      <%s", element);
	add_attribute(out, "message", first ? first : "");
	lab_buf_addf(out, ">");
	add_escaped(out, text);
	lab_buf_addf(out, "</%s>\n    ", element);
	free(first);
}

static void add_result(struct lab_buf *out, const struct result *result)
{
	char *group = group_of(result->name);

	open_case(out, group, result->name, result->ms);
	if (result->verdict == VERDICT_FAILED) {
		char *text = lab_fmt("%s%s%s", result->reason,
				     *result->reason && *result->diagnostics ? "\n" : "",
				     result->diagnostics);

		add_fault(out, "failure", *text ? text : "the test said no more");
		free(text);
	}
	if (result->verdict == VERDICT_SKIPPED) {
		lab_buf_addf(out, "<skipped");
		add_attribute(out, "message", result->reason);
		lab_buf_addf(out, "/>");
	}
	lab_buf_addf(out, "</testcase>\n");
	free(group);
}

static void add_error(struct lab_buf *out, const char *group, const char *name, const char *text)
{
	open_case(out, group, name, -1);
	add_fault(out, "error", text);
	lab_buf_addf(out, "</testcase>\n");
}

static void add_property(struct lab_buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	lab_buf_addf(out, "      <property name=\"%s\"", name);
	add_attribute(out, "value", value);
	lab_buf_addf(out, "/>\n");
}

static void open_suite(struct lab_buf *out, const struct report *report)
{
	const struct judgement *judgement = report->judgement;
	size_t errors = judgement->problems.count + !!judgement->splats;
	long ms = 0;

	for (size_t i = 0; i < judgement->count; i++)
		ms += judgement->results[i].ms > 0 ? judgement->results[i].ms : 0;
	lab_buf_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		     "  <testsuite");
	add_attribute(out, "name", report->what ? report->what : "mdev-sdk");
	lab_buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
		     "time=\"%ld.%03ld\">\n    <properties>\n", judgement->count + errors,
		     judgement->failed, errors, judgement->skipped, ms / 1000, ms % 1000);
	add_property(out, "kernel", report->kernel->release);
	add_property(out, "repeat", report->repeat);
	lab_buf_addf(out, "    </properties>\n");
}

int report_junit(const struct report *report, const char *path)
{
	const struct judgement *judgement = report->judgement;
	struct lab_buf out = { 0 };
	int ret;

	open_suite(&out, report);
	for (size_t i = 0; i < judgement->count; i++)
		add_result(&out, &judgement->results[i]);
	for (size_t i = 0; i < judgement->problems.count; i++)
		add_error(&out, "the run", judgement->problems.items[i],
			  judgement->problems.items[i]);
	if (judgement->splat)
		add_error(&out, "the kernel", report->culprit ? report->culprit : "its log",
			  judgement->splat);
	lab_buf_addf(&out, "  </testsuite>\n</testsuites>\n");
	ret = lab_replace_file(path, out.data, out.len);
	lab_buf_free(&out);
	return ret;
}
