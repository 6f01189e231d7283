// SPDX-License-Identifier: GPL-2.0-only
/* What flow offers: files in, questions, answers out. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "questions.h"

struct flow *flow_new(const char *table)
{
	struct flow *flow = lab_grow(NULL, 1, sizeof(*flow));

	*flow = (struct flow){ 0 };
	if (!names_load(flow, table))
		return flow;
	flow_free(flow);
	return NULL;
}

void flow_add(struct flow *flow, const char *path, const char *text)
{
	struct file *file = lab_grow(NULL, 1, sizeof(*file));

	*file = (struct file){ .path = path, .text = text };
	flow->files = lab_grow(flow->files, flow->nr_files + 1, sizeof(file));
	flow->files[flow->nr_files++] = file;
	lex(file);
	parse_file(flow, file);
}

void flow_learn(struct flow *flow)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		build_graph(flow, flow->functions[i]);
	resolve_calls(flow);
	learn(flow);
	learn_when(flow);
}

static void function_free(struct function *fn)
{
	for (unsigned int i = 0; i < fn->nr_nodes; i++) {
		free(fn->nodes[i].calls);
		free(fn->nodes[i].assigns);
	}
	free(fn->nodes);
	free(fn->variables);
	free(fn->effects);
	free(fn);
}

void flow_free(struct flow *flow)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		function_free(flow->functions[i]);
	for (size_t i = 0; i < flow->nr_records; i++)
		free(flow->records[i].members);
	for (size_t i = 0; i < flow->nr_files; i++) {
		free(flow->files[i]->tokens);
		free(flow->files[i]);
	}
	for (size_t i = 0; i < flow->room; i++)
		free(flow->strings[i]);
	free(flow->functions);
	free(flow->records);
	free(flow->constants);
	free(flow->globals);
	free(flow->files);
	free(flow->strings);
	free(flow->rows);
	lab_list_free(&flow->families);
	free(flow);
}

void report_line(const struct asked *asked, const struct file *file, unsigned int line,
		 const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	asked->found(asked->data, file->path, line, text ? text : "");
	free(text);
}

bool flow_ask(struct flow *flow, const char *question, flow_found_fn *found, void *data)
{
	const struct asked asked = { flow, found, data };

	for (size_t i = 0; i < nr_questions; i++)
		if (!strcmp(questions[i].name, question)) {
			questions[i].ask(&asked);
			return true;
		}
	return false;
}
