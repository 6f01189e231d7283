// SPDX-License-Identifier: GPL-2.0-only
/* Rules that look through helpers: each is a question to flow, which has read all files. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/sdk.h"
#include "flow/flow.h"
#include "places.h"

struct answer {
	struct check *check;
	struct rule *rule;
};

static bool is_chosen(const struct check *check, const struct rule *rule)
{
	const struct lab_list *only = &check->args->rules;

	if (rule->kind != RULE_FLOW || check->mode != MODE_REPORT)
		return false;
	return only->count ? lab_list_has(only, rule->id) : rule->confidence >= check->confidence;
}

/*
 * A semantic patch that has found something in the line has said it better, unless it was less
 * sure: then its finding gives way.
 */
static bool is_said(struct check *check, const struct rule *rule, const char *path,
		    unsigned int line)
{
	for (size_t i = 0; i < check->place_count; i++) {
		struct place *place = &check->places[i];

		if (place->rule == rule || place->line != line || strcmp(place->path, path))
			continue;
		if (!place->rule || place->rule->confidence >= rule->confidence)
			return true;
		place_free(place);
		*place = check->places[--check->place_count];
		i--;
	}
	return false;
}

static void found(void *data, const char *path, unsigned int line, const char *message)
{
	const struct answer *answer = data;
	const struct source *source = sources_find(&answer->check->sources, path);

	if (!source || !source_concerns(source, answer->rule) ||
	    is_said(answer->check, answer->rule, path, line))
		return;
	check_found(answer->check, (struct place){
		.rule = answer->rule, .path = lab_strdup(path), .line = line, .column = 1,
		.severity = answer->rule->severity, .message = lab_strdup(message),
	});
}

/* Structs of headers, which come last: of two by one name the tree's counts. */
static void read_structs(struct flow *flow, struct lab_list *texts)
{
	char *path = lab_fmt("%s/tools/cocci/structs.h", sdk_root());
	char *text = lab_read_file(path, NULL);

	lab_list_add(texts, path);
	if (text) {
		lab_list_add(texts, text);
		flow_add(flow, texts->items[texts->count - 2], texts->items[texts->count - 1]);
	}
	free(path);
	free(text);
}

/* texts: what is not the sources' own, to live as long as flow. */
static struct flow *read_sources(struct check *check, struct lab_list *texts)
{
	char *table = lab_fmt("%s/tools/cocci/names", sdk_root());
	struct flow *flow = flow_new(table);

	free(table);
	for (size_t i = 0; flow && i < check->sources.count; i++) {
		const struct source *source = &check->sources.items[i];
		char *text = source->seen ? aliases_text(&check->aliases, source->text, false) :
			     NULL;

		if (text)
			lab_list_add(texts, text);
		if (source->text)
			flow_add(flow, source->path,
				 text ? texts->items[texts->count - 1] : source->text);
		free(text);
	}
	if (flow) {
		read_structs(flow, texts);
		flow_learn(flow);
	}
	return flow;
}

static int ask(struct check *check, struct flow *flow, struct rule *rule)
{
	struct answer answer = { check, rule };
	double start = lab_now();

	check->rules_run++;
	for (size_t i = 0; i < check->sources.count; i++) {
		struct source *source = &check->sources.items[i];

		if (!source_concerns(source, rule))
			continue;
		source->looked_at = true;
		rule->files++;
	}
	if (rule->files && !flow_ask(flow, rule->match, found, &answer)) {
		lab_error("the rule %s is no good: nothing answers 'Flow: %s'", rule->path,
			  rule->match);
		return LAB_CANNOT;
	}
	rule->seconds = lab_now() - start;
	return LAB_OK;
}

int check_flow(struct check *check)
{
	struct lab_list texts = { 0 };
	struct flow *flow = NULL;
	int ret = LAB_OK;

	for (size_t i = 0; i < check->rules.count && !ret; i++) {
		if (!is_chosen(check, check->rules.items[i]))
			continue;
		if (!flow)
			flow = read_sources(check, &texts);
		ret = flow ? ask(check, flow, check->rules.items[i]) : LAB_CANNOT;
	}
	if (flow)
		flow_free(flow);
	lab_list_free(&texts);
	return ret;
}
