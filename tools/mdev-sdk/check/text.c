// SPDX-License-Identifier: GPL-2.0-only
/* Rules of the preprocessor and of comments, which semantic patches do not see: expressions. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "places.h"

/* A line with those that it is continued by, in place of which blanks stand. */
static const char *logical_line(const char *p, struct lab_buf *line, unsigned int *lines)
{
	*lines = 0;
	line->len = 0;
	for (;;) {
		size_t len = strcspn(p, "\n");
		bool more = len && p[len - 1] == '\\' && p[len];

		lab_buf_add(line, p, more ? len - 1 : len);
		p += len + (p[len] == '\n');
		*lines += 1;
		if (!more)
			return p;
	}
}

static void found(struct check *check, const struct rule *rule, struct source *source,
		  unsigned int line)
{
	check_found(check, (struct place){
		.rule = rule, .path = lab_strdup(source->path), .line = line, .column = 1,
		.severity = rule->severity, .message = lab_strdup(rule->what),
	});
}

/* The rule of comments is about them; all others are about code. */
static void search(struct check *check, const struct rule *rule, struct source *source)
{
	bool comments = lab_list_has(&rule->options, "comments");
	char *code = comments ? NULL : source_code(source);
	const char *p = code ? code : source->text;
	struct lab_buf line = { 0 };
	unsigned int number = 1, lines;

	while (*p) {
		p = logical_line(p, &line, &lines);
		if (line.len && !regexec(&rule->regex, line.data, 0, NULL, 0))
			found(check, rule, source, number);
		number += lines;
	}
	lab_buf_free(&line);
	free(code);
}

void check_text(struct check *check)
{
	const struct lab_list *only = &check->args->rules;

	for (size_t i = 0; i < check->rules.count; i++) {
		struct rule *rule = check->rules.items[i];

		if (rule->kind != RULE_TEXT || check->mode != MODE_REPORT ||
		    (only->count ? !lab_list_has(only, rule->id) :
		     rule->confidence < check->confidence))
			continue;
		check->rules_run++;
		for (size_t k = 0; k < check->sources.count; k++) {
			struct source *source = &check->sources.items[k];

			if (!source_concerns(source, rule))
				continue;
			source->looked_at = true;
			rule->files++;
			search(check, rule, source);
		}
	}
}
