// SPDX-License-Identifier: GPL-2.0-only
/* The verdict on a run, for people. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "lab/oops.h"
#include "report.h"

#define MAX_REPEAT	6

/* The command that repeats what failed, or NULL. */
static char *repeat_failed(const struct session *session, const struct judgement *judgement,
			   const char *culprit)
{
	bool few = judgement->failed <= MAX_REPEAT;
	struct lab_buf out = { 0 };

	if (!session->repeat || !judge_failures(judgement))
		return NULL;
	lab_buf_addf(&out, "%s", session->repeat);
	if (!few || (!culprit && !judgement->failed))
		lab_buf_addf(&out, "%s", session->only);
	else if (culprit)
		lab_buf_addf(&out, " --only '%s'", culprit);
	for (size_t i = 0; few && i < judgement->count; i++)
		if (judgement->results[i].verdict == VERDICT_FAILED &&
		    (!culprit || strcmp(culprit, judgement->results[i].name)))
			lab_buf_addf(&out, " --only '%s'", judgement->results[i].name);
	return out.data;
}

/* The first id of the SDK among the kernel's words, such as [M8]. Return: there is one. */
static bool print_explain(const char *words, FILE *out)
{
	for (const char *at = words; (at = strchr(at, '[')); at++) {
		size_t digits = strspn(at + 1 + !!at[1], "0123456789");

		if ((at[1] == 'K' || at[1] == 'M') && digits && at[2 + digits] == ']') {
			fprintf(out, "more: %s explain %.*s\n", sdk_command(), (int)digits + 1,
				at + 1);
			return true;
		}
	}
	return false;
}

/* Of a load that failed, or else of the first test that failed with a cause of ours. */
static void print_more(const struct judgement *judgement, FILE *out)
{
	if (judgement->problems.count && judgement->tail && print_explain(judgement->tail, out))
		return;
	for (size_t i = 0; i < judgement->count; i++)
		if (judgement->results[i].verdict == VERDICT_FAILED &&
		    print_explain(judgement->results[i].diagnostics, out))
			return;
}

static void print_report(const struct report *report, const struct oops_source *source, FILE *out)
{
	const struct judgement *judgement = report->judgement;

	judge_print_failures(judgement, out);
	if (judgement->splat)
		oops_print(judgement->splat, source, out);
	if (judgement->splats > 1)
		fprintf(out, "         and %zu more in the kernel's log\n", judgement->splats - 1);
	if (report->culprit)
		fprintf(out, "         in the test %s\n", report->culprit);
	judge_print_rest(judgement, out);
	if (judgement->count || judgement->plan >= 0 || judge_failures(judgement))
		fprintf(out, "%zu passed, %zu failed, %zu skipped\n", judgement->passed,
			judge_failures(judgement), judgement->skipped);
	print_more(judgement, out);
	if (report->repeat)
		fprintf(out, "repeat: %s\n", report->repeat);
}

int session_report(const struct session *session, const struct judgement *judgement,
		   const struct lab_list *modules)
{
	struct oops_source source = { modules, session->tree };
	const char *culprit = judge_culprit(judgement, &session->names);
	char *repeat = repeat_failed(session, judgement, culprit);
	struct report report = {
		.kernel = &session->kernel, .what = session->what, .modules = modules,
		.judgement = judgement, .culprit = culprit, .repeat = repeat,
	};
	int ret = LAB_OK;

	print_report(&report, &source, session_out(session));
	if (session->junit)
		ret = report_junit(&report, session->junit);
	if (session->json)
		report_json(&report, stdout);
	free(repeat);
	return ret ? ret : judge_status(judgement);
}
