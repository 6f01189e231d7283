// SPDX-License-Identifier: GPL-2.0-only
/*
 * A subscript that comes from the user's position in the file, or from the index of his request,
 * and that nobody compares: not in the function, nor in those that call it.
 */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

#define MAX_NAMES 16
#define DEPTH 3		/* callers of callers */

struct names {
	const struct asked *asked;
	const struct function *fn;
	const char *items[MAX_NAMES];
	unsigned int count;
};

static const char *const requests[] = { "vfio_region_info", "vfio_irq_info", "vfio_irq_set" };
static const char *const tables[] = { "vfio_device_ops", "mdev_parent_ops", "file_operations" };

static bool has_name(const struct names *names, const char *text)
{
	for (unsigned int i = 0; i < names->count; i++)
		if (has_word(text, names->items[i]))
			return true;
	return false;
}

static void add_name(struct names *names, const char *name)
{
	if (names->count < MAX_NAMES && !has_name(names, name))
		names->items[names->count++] = name;
}

static bool is_request(const char *type)
{
	for (size_t i = 0; type && i < LAB_ARRAY_SIZE(requests); i++)
		if (!strcmp(type, requests[i]))
			return true;
	return false;
}

/* What the user chooses: a position, the offset of a mapping, the index of a request. */
static void add_sources(struct names *names)
{
	struct flow *flow = names->asked->flow;
	const struct function *fn = names->fn;

	for (unsigned int i = 0; i < fn->nr_params; i++) {
		const char *type = fn->param_types[i] ? fn->param_types[i] : "";

		if (!strcmp(type, "loff_t"))
			add_name(names, fn->params[i]);
		else if (!strcmp(type, "vm_area_struct"))
			add_name(names, keep_fmt(flow, "%s.vm_pgoff", fn->params[i]));
		else if (is_request(type))
			add_name(names, keep_fmt(flow, "%s.index", fn->params[i]));
	}
	for (unsigned int i = 0; i < fn->nr_variables; i++)
		if (is_request(fn->variables[i].type))
			add_name(names, keep_fmt(flow, "%s.index", fn->variables[i].name));
}

/* A mask that is not that of the offset within a region is a bound. */
static bool is_masked(const char *text)
{
	return (strchr(text, '&') && !strcasestr(text, "offset")) || strchr(text, '%');
}

/* What is computed from it, but by a function of which one would have to know more. */
static void spread(struct names *names)
{
	for (unsigned int i = 1; i < names->fn->nr_nodes; i++) {
		const struct node *node = &names->fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++) {
			const struct assign *assign = &node->assigns[k];
			const char *text = object_of(names->asked->flow, names->fn->file,
						     assign->from);
			const char *call = strchr(text, '(');

			if (has_name(names, text) && !is_masked(text) &&
			    !strpbrk(assign->object, ".[*") && !strchr(text, '[') &&
			    !strchr(text, '?') && (!call || strcasestr(text, "to_index(")))
				add_name(names, assign->object);
		}
	}
}

/* Without what stands in brackets: an element that is tested says nothing of its number. */
static const char *outside(struct flow *flow, const char *text)
{
	char out[256];
	size_t len = 0;
	unsigned int depth = 0;

	for (; *text && len < sizeof(out); text++) {
		depth += *text == '[';
		if (!depth)
			out[len++] = *text;
		depth -= *text == ']' && depth;
	}
	return keep(flow, out, len);
}

static bool cuts(const struct names *names, const struct node *node)
{
	static const char *const words[] = { "min", "clamp", "nospec", "check", "valid", "range" };

	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		bool cut = node->kind == NODE_TEST;

		for (size_t w = 0; w < LAB_ARRAY_SIZE(words); w++)
			cut |= strstr(call->name, words[w]) != NULL;
		for (unsigned int k = 0; cut && k < call->count; k++)
			if (has_name(names, call->objects[k]))
				return true;
	}
	return false;
}

static bool judges(const struct names *names)
{
	const struct function *fn = names->fn;

	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];
		const char *text = outside(names->asked->flow,
					   object_of(names->asked->flow, fn->file, node->span));
		const struct node *next = &fn->nodes[node->next];

		if (cuts(names, node))
			return true;
		if (!has_name(names, text))
			continue;
		if (node->kind == NODE_TEST || strchr(text, '?'))
			return true;
		/* switch (index) */
		if (node->kind == NODE_EXPR && next->kind == NODE_JOIN &&
		    fn->nodes[next->next].kind == NODE_CASE)
			return true;
	}
	return false;
}

static bool in_table(const struct function *fn)
{
	const struct file *file = fn->file;
	bool hit = false;

	for (unsigned int i = 2; i + 1 < file->nr_tokens && !hit; i++) {
		unsigned int open = i;

		if (!token_is(file, i, fn->name) || !token_is(file, i - 1, "="))
			continue;
		while (open && !(token_is(file, open, "{") && file->tokens[open].match > i))
			open--;
		for (size_t t = 0; open > 3 && t < LAB_ARRAY_SIZE(tables); t++)
			hit |= token_is(file, open - 1, "=") &&
			       token_is(file, open - 3, tables[t]);
	}
	return hit;
}

static bool is_open(const struct asked *asked, const struct function *fn, unsigned int depth);

/* Nobody has compared what a caller gives. */
static bool caller_is_open(const struct asked *asked, const struct function *caller,
			   const struct function *fn, unsigned int depth)
{
	for (unsigned int i = 1; i < caller->nr_nodes; i++)
		for (unsigned int c = 0; c < caller->nodes[i].nr_calls; c++)
			if (caller->nodes[i].calls[c].callee == fn)
				return is_open(asked, caller, depth);
	return false;
}

static bool is_open(const struct asked *asked, const struct function *fn, unsigned int depth)
{
	const struct flow *flow = asked->flow;
	struct names names = { .asked = asked, .fn = fn };
	bool open;

	add_sources(&names);
	for (unsigned int i = 0; i < 3; i++)
		spread(&names);
	if (!names.count || judges(&names))
		return false;
	open = in_table(fn);
	for (size_t i = 0; !open && depth && fn->nr_callers && i < flow->nr_functions; i++)
		open = flow->functions[i] != fn &&
		       caller_is_open(asked, flow->functions[i], fn, depth - 1);
	return open;
}

/* x[index], where x is no type of a declaration; once a function. */
static void look(const struct asked *asked, const struct function *fn)
{
	struct names names = { .asked = asked, .fn = fn };
	const struct file *file = fn->file;

	add_sources(&names);
	for (unsigned int i = 0; names.count && i < 3; i++)
		spread(&names);
	for (unsigned int i = fn->body.first + 1; names.count && i < fn->body.end; i++) {
		const char *text;

		if (!token_is(file, i, "[") || !file->tokens[i].match)
			continue;
		text = object_of(asked->flow, file, span_inside(file, i));
		if (!has_name(&names, text) || is_masked(text) || !is_open(asked, fn, DEPTH))
			continue;
		report_line(asked, file, file->tokens[i].line,
			    "a user's index is a subscript, and nothing compares it");
		return;
	}
}

void ask_position(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		if (!asked->flow->functions[i]->macro)
			look(asked, asked->flow->functions[i]);
}
