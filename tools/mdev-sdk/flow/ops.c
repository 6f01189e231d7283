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

bool only_logs(const char *name)
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

static bool is_plain_value(const struct constant *constant)
{
	const struct file *file = constant->file;
	bool value = false;

	for (unsigned int i = constant->body.first; i < constant->body.end; i++) {
		if (token_is(file, i, "->") || token_is(file, i, ".") || token_is(file, i, "["))
			return false;
		value |= file->tokens[i].kind == TOKEN_NUMBER || token_is(file, i, "NULL");
	}
	return value;
}

bool is_constant(const struct flow *flow, const char *object)
{
	object += strspn(object, "-+~(");
	if ((*object >= '0' && *object <= '9') || *object == '"' || !strcmp(object, "NULL"))
		return true;
	for (size_t i = 0; *object >= 'A' && *object <= 'Z' && i < flow->nr_constants; i++)
		if (!strcmp(flow->constants[i].name, object))
			return flow->constants[i].counted || is_plain_value(&flow->constants[i]);
	return false;
}

/* args: a bit for each argument that gets another value. */
static const struct replacer {
	const char *name;
	unsigned int args;
} replacers[] = {
	{ "swap", 3 }, { "xchg", 1 }, { "cmpxchg", 1 }, { "WRITE_ONCE", 1 }, { "memset", 1 },
	{ "rcu_assign_pointer", 1 }, { "rcu_replace_pointer", 1 }, { "smp_store_release", 1 },
};

bool call_replaces(const struct call *call, const char *object)
{
	const char *plain = object + (*object == '*');

	for (size_t i = 0; i < LAB_ARRAY_SIZE(replacers); i++) {
		if (strcmp(call->name, replacers[i].name))
			continue;
		for (unsigned int k = 0; k < call->count && k < 2; k++)
			if (replacers[i].args & (1U << k) &&
			    (object_within(object, call->objects[k]) ||
			     object_within(plain, call->objects[k])))
				return true;
	}
	return false;
}

unsigned int call_line(const struct function *fn, const struct call *call)
{
	return fn->file->tokens[call->at].line;
}

/* A driver is the files of one folder. */
bool files_near(const struct file *one, const struct file *other)
{
	const char *slash = strrchr(other->path, '/');
	size_t len = slash ? slash - other->path + 1 : 0;

	return !strncmp(one->path, other->path, len) && !strchr(one->path + len, '/');
}

bool is_near(const struct function *fn, const struct file *file)
{
	return files_near(fn->file, file);
}

bool names_member(const struct function *fn, const char *member)
{
	for (unsigned int t = fn->body.first + 1; t < fn->body.end; t++)
		if (token_is(fn->file, t, member) &&
		    (token_is(fn->file, t - 1, "->") || token_is(fn->file, t - 1, ".")))
			return true;
	return false;
}

bool changes_member(const struct flow *flow, const struct function *fn, const char *member,
		    unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (object_member((struct flow *)flow, node->assigns[k].object) == member)
				return true;
		for (unsigned int k = 0; depth && k < node->nr_calls; k++)
			if (node->calls[k].callee &&
			    changes_member(flow, node->calls[k].callee, member, depth - 1))
				return true;
	}
	return false;
}

bool each_call_near(const struct flow *flow, const struct file *file, call_fn *seen, void *data)
{
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		for (unsigned int n = 1; is_near(fn, file) && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				if (seen(data, fn, &fn->nodes[n].calls[c]))
					return true;
	}
	return false;
}
