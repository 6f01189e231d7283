// SPDX-License-Identifier: GPL-2.0-only
/* What was found, for people, programs and editors: docs/schema/check.json, and SARIF 2.1.0. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "check.h"
#include "common/sdk.h"
#include "common/text.h"
#include "places.h"
#include "report.h"

/* Others rely on the names; the number is raised when one of them changes its meaning. */
#define JSON_FORMAT 1

static bool is_open(const struct place *place)
{
	return !place->known && !place->allowed;
}

static void print_gap(const struct gap *gap, FILE *out)
{
	if (gap->path)
		fprintf(out, "%s:", gap->path);
	if (gap->path && gap->line)
		fprintf(out, "%u:1:", gap->line);
	if (gap->path)
		fputc(' ', out);
	if (gap->rule && gap->path)
		fprintf(out, "not checked by %s: %s\n", gap->rule->id, gap->why);
	else if (gap->rule)
		fprintf(out, "no file was checked by %s: %s\n", gap->rule->id, gap->why);
	else
		fprintf(out, "not checked: %s\n", gap->why);
}

void check_report_text(const struct check *check)
{
	if (check->diff.len)
		fwrite(check->diff.data, 1, check->diff.len, stdout);
	for (size_t i = 0; i < check->place_count; i++) {
		const struct place *place = &check->places[i];

		if (is_open(place))
			printf("%s:%u:%u: %s: %s [%s]\n", place->path, place->line, place->column,
			       severity_names[place->severity], place->message, place->id);
	}
	for (size_t i = 0; i < check->gap_count; i++)
		print_gap(&check->gaps[i], check->mode == MODE_REPORT ? stdout : stderr);
}

static size_t count_marked(const struct check *check, bool allowed)
{
	size_t count = 0;

	for (size_t i = 0; i < check->place_count; i++)
		count += allowed ? check->places[i].allowed : check->places[i].known;
	return count;
}

/* What rules saw in the place of what is written. */
static void print_aliases(const struct check *check, FILE *out)
{
	for (size_t i = 0; i < check->aliases.count; i++) {
		const struct alias *alias = &check->aliases.items[i];

		if (!alias->uses)
			continue;
		fprintf(out, "%s is taken for %s, ", alias->name, alias->api);
		if (alias->by == ALIAS_BODY)
			fprintf(out, "which is all that it calls: %s:%u\n", alias->path,
				alias->line);
		else
			fputs(alias->by == ALIAS_NAME ? "by its name\n" : "as was said\n", out);
	}
}

static size_t count_files(const struct check *check)
{
	size_t count = 0;

	for (size_t i = 0; i < check->sources.count; i++)
		count += !check->sources.items[i].same;
	return count;
}

static void print_count(FILE *out, const char *before, size_t count, const char *what)
{
	fprintf(out, "%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

void check_summary(const struct check *check, FILE *out)
{
	size_t partly = check_partly(check), known = count_marked(check, false);
	size_t allowed = count_marked(check, true), files = count_files(check);

	for (size_t i = 0; check->args->verbose && i < check->rules.count; i++)
		if (check->rules.items[i]->files)
			fprintf(out, "rule %s: %zu file%s, %.1f s\n", check->rules.items[i]->id,
				check->rules.items[i]->files,
				check->rules.items[i]->files == 1 ? "" : "s",
				check->rules.items[i]->seconds);
	for (size_t i = 0; i < check->remarks.count; i++)
		fprintf(out, "not run: %s\n", check->remarks.items[i]);
	print_aliases(check, out);
	if (check->args->since)
		fprintf(out, "only functions that changed since %s: in %zu of %zu files\n",
			check->args->since, files, check->sources.count);
	print_count(out, "checked ", files - partly, "file");
	print_count(out, " by ", check->rules_run, "rule");
	fprintf(out, ", %zu not checked", check->gap_count);
	for (int severity = SEVERITY_ERROR; check->mode == MODE_REPORT && severity >= 0; severity--)
		print_count(out, severity == SEVERITY_ERROR ? "; " : ", ",
			    check_count(check, severity), severity_names[severity]);
	if (known)
		fprintf(out, ", %zu in the baseline", known);
	if (allowed)
		fprintf(out, ", %zu allowed", allowed);
	fprintf(out, "; %.1f s\n", check->seconds);
}

/* cJSON passes bytes on as they are. */
static void add_text(cJSON *object, const char *key, const char *text)
{
	char *clean = text_clean(text ? text : "");

	cJSON_AddStringToObject(object, key, clean);
	free(clean);
}

static void print_document(cJSON *root)
{
	char *text = cJSON_Print(root);

	puts(text);
	free(text);
	cJSON_Delete(root);
}

static bool was_run(const struct check *check, const struct rule *rule)
{
	const struct lab_list *only = &check->args->rules;

	return rule->files || (only->count && lab_list_has(only, rule->id));
}

static cJSON *json_rule(const struct rule *rule)
{
	cJSON *row = cJSON_CreateObject();

	add_text(row, "id", rule->id);
	add_text(row, "what", rule->what);
	cJSON_AddStringToObject(row, "severity", severity_names[rule->severity]);
	cJSON_AddStringToObject(row, "confidence", confidence_names[rule->confidence]);
	if (rule->class)
		add_text(row, "class", rule->class);
	cJSON_AddNumberToObject(row, "files", rule->files);
	cJSON_AddNumberToObject(row, "seconds", rule->seconds);
	return row;
}

static cJSON *json_place(const struct place *place)
{
	cJSON *row = cJSON_CreateObject();

	add_text(row, "id", place->id);
	add_text(row, "file", place->source ? place->source->name : place->path);
	cJSON_AddNumberToObject(row, "line", place->line);
	cJSON_AddNumberToObject(row, "column", place->column);
	cJSON_AddStringToObject(row, "severity", severity_names[place->severity]);
	cJSON_AddStringToObject(row, "confidence", confidence_names[place->rule->confidence]);
	add_text(row, "message", place->message);
	add_text(row, "function", place->function);
	add_text(row, "text", place->text);
	cJSON_AddBoolToObject(row, "known", place->known);
	cJSON_AddBoolToObject(row, "allowed", place->allowed);
	return row;
}

static cJSON *json_alias(const struct alias *alias)
{
	static const char *const by[] = { "given", "body", "name" };
	cJSON *row = cJSON_CreateObject();

	add_text(row, "name", alias->name);
	add_text(row, "api", alias->api);
	cJSON_AddStringToObject(row, "by", by[alias->by]);
	return row;
}

static const char *below_folder(const struct check *check, const char *path)
{
	const struct source *source = sources_find(&check->sources, path);

	return source ? source->name : path;
}

static cJSON *json_gap(const struct check *check, const struct gap *gap)
{
	cJSON *row = cJSON_CreateObject();

	if (gap->path)
		add_text(row, "file", below_folder(check, gap->path));
	if (gap->line)
		cJSON_AddNumberToObject(row, "line", gap->line);
	if (gap->rule)
		add_text(row, "rule", gap->rule->id);
	add_text(row, "why", gap->why);
	return row;
}

static void add_summary(cJSON *root, const struct check *check)
{
	cJSON *object = cJSON_AddObjectToObject(root, "summary");
	size_t files = count_files(check);

	cJSON_AddNumberToObject(object, "files", files);
	cJSON_AddNumberToObject(object, "checked", files - check_partly(check));
	cJSON_AddNumberToObject(object, "not_checked", check->gap_count);
	cJSON_AddNumberToObject(object, "rules", check->rules_run);
	for (int severity = 0; severity < SEVERITIES; severity++)
		cJSON_AddNumberToObject(object, severity_names[severity],
					check_count(check, severity));
	cJSON_AddNumberToObject(object, "known", count_marked(check, false));
	cJSON_AddNumberToObject(object, "allowed", count_marked(check, true));
	cJSON_AddNumberToObject(object, "seconds", check->seconds);
	cJSON_AddNumberToObject(object, "status", check_status(check));
}

void check_report_json(const struct check *check)
{
	cJSON *root = cJSON_CreateObject(), *list;

	cJSON_AddNumberToObject(root, "format", JSON_FORMAT);
	add_text(root, "folder", check->sources.folder);
	if (check->args->since)
		add_text(root, "since", check->args->since);
	list = cJSON_AddArrayToObject(root, "aliases");
	for (size_t i = 0; i < check->aliases.count; i++)
		if (check->aliases.items[i].uses)
			cJSON_AddItemToArray(list, json_alias(&check->aliases.items[i]));
	list = cJSON_AddArrayToObject(root, "rules");
	for (size_t i = 0; i < check->rules.count; i++)
		if (was_run(check, check->rules.items[i]))
			cJSON_AddItemToArray(list, json_rule(check->rules.items[i]));
	list = cJSON_AddArrayToObject(root, "findings");
	for (size_t i = 0; i < check->place_count; i++)
		cJSON_AddItemToArray(list, json_place(&check->places[i]));
	list = cJSON_AddArrayToObject(root, "not_checked");
	for (size_t i = 0; i < check->gap_count; i++)
		cJSON_AddItemToArray(list, json_gap(check, &check->gaps[i]));
	list = cJSON_AddArrayToObject(root, "not_run");
	for (size_t i = 0; i < check->remarks.count; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(check->remarks.items[i]));
	add_summary(root, check);
	print_document(root);
}

/* SARIF */

static cJSON *add_message(cJSON *object, const char *key, const char *text)
{
	cJSON *message = cJSON_AddObjectToObject(object, key);

	add_text(message, "text", text);
	return message;
}

/* A reference is a URI: what is none of its letters is written in hex. */
static char *uri_of(const char *path)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	for (; *path; path++)
		if (isalnum((unsigned char)*path) || strchr("/._-~", *path))
			lab_buf_add(&out, path, 1);
		else
			lab_buf_addf(&out, "%%%02X", (unsigned char)*path);
	return out.data;
}

static cJSON *sarif_location(const char *path, unsigned int line, unsigned int column)
{
	cJSON *location = cJSON_CreateObject(), *physical, *object;
	char *uri = uri_of(path);

	physical = cJSON_AddObjectToObject(location, "physicalLocation");
	object = cJSON_AddObjectToObject(physical, "artifactLocation");
	cJSON_AddStringToObject(object, "uri", uri);
	if (line) {
		object = cJSON_AddObjectToObject(physical, "region");
		cJSON_AddNumberToObject(object, "startLine", line);
		if (column)
			cJSON_AddNumberToObject(object, "startColumn", column);
	}
	free(uri);
	return location;
}

static cJSON *sarif_rule(const struct rule *rule)
{
	cJSON *row = cJSON_CreateObject(), *object;

	add_text(row, "id", rule->id);
	add_message(row, "shortDescription", rule->what ? rule->what : rule->id);
	if (rule->why)
		add_message(row, "fullDescription", rule->why);
	if (rule->mend)
		add_message(row, "help", rule->mend);
	object = cJSON_AddObjectToObject(row, "defaultConfiguration");
	cJSON_AddStringToObject(object, "level", severity_names[rule->severity]);
	object = cJSON_AddObjectToObject(row, "properties");
	cJSON_AddStringToObject(object, "confidence", confidence_names[rule->confidence]);
	return row;
}

static unsigned int hash(unsigned int value, const char *text)
{
	while (*text)
		value = (value ^ (unsigned char)*text++) * 16777619u;
	return value * 16777619u;
}

static cJSON *sarif_result(const struct check *check, const struct place *place)
{
	const char *path = place->source ? place->source->name : place->path;
	cJSON *row = cJSON_CreateObject(), *list, *object;
	char mark[16];

	add_text(row, "ruleId", place->id);
	cJSON_AddStringToObject(row, "level", severity_names[place->severity]);
	add_message(row, "message", place->message);
	list = cJSON_AddArrayToObject(row, "locations");
	cJSON_AddItemToArray(list, sarif_location(path, place->line, place->column));
	snprintf(mark, sizeof(mark), "%08x", hash(hash(hash(hash(2166136261u, place->id), path),
							      place->function), place->text));
	object = cJSON_AddObjectToObject(row, "partialFingerprints");
	cJSON_AddStringToObject(object, "mdevSdk/v1", mark);
	if (check->baseline)
		cJSON_AddStringToObject(row, "baselineState", place->known ? "unchanged" : "new");
	if (place->allowed) {
		list = cJSON_AddArrayToObject(row, "suppressions");
		object = cJSON_CreateObject();
		cJSON_AddStringToObject(object, "kind", "inSource");
		cJSON_AddItemToArray(list, object);
	}
	return row;
}

static cJSON *sarif_gap(const struct check *check, const struct gap *gap)
{
	cJSON *row = cJSON_CreateObject(), *list;
	char *words = lab_fmt("not checked%s%s: %s", gap->rule ? " by " : "",
			      gap->rule ? gap->rule->id : "", gap->why);

	cJSON_AddStringToObject(row, "level", "error");
	add_message(row, "message", words);
	if (gap->path) {
		list = cJSON_AddArrayToObject(row, "locations");
		cJSON_AddItemToArray(list, sarif_location(below_folder(check, gap->path),
							  gap->line, 1));
	}
	free(words);
	return row;
}

static void add_tool(cJSON *run, const struct check *check)
{
	cJSON *driver, *list;

	driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
	cJSON_AddStringToObject(driver, "name", "mdev-sdk check");
	cJSON_AddStringToObject(driver, "version", sdk_version());
	list = cJSON_AddArrayToObject(driver, "rules");
	for (size_t i = 0; i < check->rules.count; i++)
		if (was_run(check, check->rules.items[i]))
			cJSON_AddItemToArray(list, sarif_rule(check->rules.items[i]));
}

static void add_invocation(cJSON *run, const struct check *check)
{
	cJSON *invocation = cJSON_CreateObject(), *list;

	cJSON_AddItemToArray(cJSON_AddArrayToObject(run, "invocations"), invocation);
	cJSON_AddBoolToObject(invocation, "executionSuccessful", !check->gap_count);
	cJSON_AddNumberToObject(invocation, "exitCode", check_status(check));
	list = cJSON_AddArrayToObject(invocation, "toolExecutionNotifications");
	for (size_t i = 0; i < check->gap_count; i++)
		cJSON_AddItemToArray(list, sarif_gap(check, &check->gaps[i]));
}

void check_report_sarif(const struct check *check)
{
	cJSON *root = cJSON_CreateObject(), *run = cJSON_CreateObject(), *list;

	cJSON_AddStringToObject(root, "$schema",
				"https://json.schemastore.org/sarif-2.1.0.json");
	cJSON_AddStringToObject(root, "version", "2.1.0");
	cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "runs"), run);
	add_tool(run, check);
	add_invocation(run, check);
	list = cJSON_AddArrayToObject(run, "results");
	for (size_t i = 0; i < check->place_count; i++)
		cJSON_AddItemToArray(list, sarif_result(check, &check->places[i]));
	print_document(root);
}
