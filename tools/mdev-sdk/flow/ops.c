// SPDX-License-Identifier: GPL-2.0-only
/* Functions that are put into tables of operations, and what lies below them. */
#define _GNU_SOURCE
#include <string.h>

#include "code.h"

/* ".word = name", in a table or assigned at run time. */
void each_op(const struct flow *flow, const char *word, op_fn *op, void *data)
{
	for (size_t i = 0; i < flow->nr_files; i++) {
		const struct file *file = flow->files[i];

		for (unsigned int at = 1; at + 2 < file->nr_tokens; at++) {
			struct function *fn;

			if (!token_is(file, at, word) || !token_is(file, at + 1, "=") ||
			    !(token_is(file, at - 1, ".") || token_is(file, at - 1, "->")))
				continue;
			fn = function_of(flow, token_text((struct flow *)flow, file, at + 2), file);
			if (fn)
				op(data, fn);
		}
	}
}

static bool only_logs(const char *name)
{
	return lab_has_prefix(name, "dev_") || lab_has_prefix(name, "pr_") ||
	       lab_has_prefix(name, "trace_") || !strcmp(name, "container_of") ||
	       !strcmp(name, "printk") || strstr(name, "_dbg");
}

bool all_known(const struct flow *flow, const struct function *fn, unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++) {
			const struct call *call = &fn->nodes[i].calls[c];

			if (call->nr_rows || only_logs(call->name))
				continue;
			if (!call->callee || !depth || !all_known(flow, call->callee, depth - 1))
				return false;
		}
	return true;
}

bool mentions(struct flow *flow, const struct function *fn, const char *text)
{
	struct span body = fn->body;
	const char *all = object_of(flow, fn->file, body);
	size_t len = strlen(text);

	for (const char *hit = all; (hit = strstr(hit, text)); hit++)
		if ((hit == all || !strchr("._", hit[-1])) && has_word(hit, text) && hit[len] != '_')
			return true;
	return false;
}

const struct variable *variable_of(const struct function *fn, const char *name)
{
	for (unsigned int i = 0; i < fn->nr_variables; i++)
		if (fn->variables[i].name == name)
			return &fn->variables[i];
	return NULL;
}

int param_of(const struct function *fn, const char *name)
{
	for (unsigned int i = 0; i < fn->nr_params; i++)
		if (fn->params[i] == name)
			return i;
	return -1;
}

unsigned int call_line(const struct function *fn, const struct call *call)
{
	return fn->file->tokens[call->at].line;
}
