// SPDX-License-Identifier: GPL-2.0-only
/* What is said here is described in docs/schema/test.json. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "lab/modules.h"
#include "report.h"

#define FORMAT_VERSION 1

/* cJSON passes bytes on as they are, and a missing text is null. */
static void add_text(cJSON *object, const char *key, const char *text)
{
	char *clean = text ? text_clean(text) : NULL;

	if (clean)
		cJSON_AddStringToObject(object, key, clean);
	else
		cJSON_AddNullToObject(object, key);
	free(clean);
}

static void add_item(cJSON *array, const char *text, size_t len)
{
	char *part = strndup(text, len), *clean = text_clean(part ? part : "");

	cJSON_AddItemToArray(array, cJSON_CreateString(clean));
	free(clean);
	free(part);
}

static void add_lines(cJSON *object, const char *key, const char *text)
{
	cJSON *array = cJSON_AddArrayToObject(object, key);

	while (text && *text) {
		size_t len = strcspn(text, "\n");

		add_item(array, text, len);
		text += len + (text[len] == '\n');
	}
}

static void add_list(cJSON *object, const char *key, const struct lab_list *list)
{
	cJSON *array = cJSON_AddArrayToObject(object, key);

	for (size_t i = 0; list && i < list->count; i++)
		add_item(array, list->items[i], strlen(list->items[i]));
}

static void add_result(cJSON *array, const struct result *result)
{
	static const char *const verdicts[] = { "passed", "failed", "skipped" };
	static const char *const crashes[] = { NULL, "oops", "hang" };
	cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToArray(array, object);
	add_text(object, "name", result->name);
	cJSON_AddStringToObject(object, "verdict", verdicts[result->verdict]);
	if (result->crash)
		cJSON_AddStringToObject(object, "crash", crashes[result->crash]);
	if (*result->reason || result->verdict == VERDICT_SKIPPED)
		add_text(object, "reason", result->reason);
	if (result->unexpected)
		cJSON_AddTrueToObject(object, "unexpected");
	if (result->ms >= 0)
		cJSON_AddNumberToObject(object, "seconds", result->ms / 1000.0);
	if (*result->diagnostics)
		add_lines(object, "diagnostics", result->diagnostics);
}

static void add_summary(cJSON *root, const struct judgement *judgement)
{
	static const char *const verdicts[] = {
		[LAB_OK] = "passed", [LAB_FOUND] = "failed", [LAB_SKIPPED] = "skipped",
	};
	cJSON *object = cJSON_AddObjectToObject(root, "summary");
	int status = judge_status(judgement);

	cJSON_AddStringToObject(object, "verdict", verdicts[status]);
	cJSON_AddNumberToObject(object, "status", status);
	cJSON_AddNumberToObject(object, "passed", judgement->passed);
	cJSON_AddNumberToObject(object, "failed", judge_failures(judgement));
	cJSON_AddNumberToObject(object, "skipped", judgement->skipped);
}

static void add_kernel(cJSON *root, const struct kernel *kernel)
{
	cJSON *object = cJSON_AddObjectToObject(root, "kernel");

	add_text(object, "release", kernel->release);
	add_text(object, "debian", kernel->version);
}

static void add_driver(cJSON *root, const struct report *report)
{
	cJSON *object = cJSON_AddObjectToObject(root, "driver"), *array;

	add_text(object, "path", report->what);
	array = cJSON_AddArrayToObject(object, "modules");
	for (size_t i = 0; report->modules && i < report->modules->count; i++) {
		char *name = module_name(report->modules->items[i]);

		add_item(array, name, strlen(name));
		free(name);
	}
}

void report_json(const struct report *report, FILE *out)
{
	const struct judgement *judgement = report->judgement;
	cJSON *root = cJSON_CreateObject(), *results;
	char *text;

	cJSON_AddStringToObject(root, "format", "mdev-sdk test");
	cJSON_AddNumberToObject(root, "version", FORMAT_VERSION);
	add_kernel(root, report->kernel);
	add_driver(root, report);
	results = cJSON_AddArrayToObject(root, "results");
	for (size_t i = 0; i < judgement->count; i++)
		add_result(results, &judgement->results[i]);
	add_list(root, "problems", &judgement->problems);
	add_lines(root, "kernel_report", judgement->splat);
	cJSON_AddNumberToObject(root, "kernel_reports", judgement->splats);
	add_text(root, "broke_in", report->culprit);
	add_summary(root, judgement);
	add_text(root, "repeat", report->repeat);
	text = cJSON_Print(root);
	fprintf(out, "%s\n", text ? text : "");
	cJSON_free(text);
	cJSON_Delete(root);
}
