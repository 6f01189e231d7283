// SPDX-License-Identifier: GPL-2.0-only
/*
 * A read or write of a region reaches memory at the user's position for the user's count, and no
 * comparison has both of them: not in it, and not in the helpers that get both.
 */
#define _GNU_SOURCE
#include <string.h>

#include "questions.h"

#define MAX_NAMES 16
#define DEPTH 2

struct access {
	const struct asked *asked;
	const struct function *fn;
	const char *positions[MAX_NAMES], *count;
	unsigned int nr_positions;
	const struct call *reached;	/* the call that reaches memory */
	const struct function *where;
	bool bounded;
};

static bool has_position(const struct access *access, const char *text)
{
	for (unsigned int i = 0; i < access->nr_positions; i++)
		if (has_word(text, access->positions[i]))
			return true;
	return false;
}

static void add_position(struct access *access, const char *name)
{
	if (access->nr_positions < MAX_NAMES && !has_position(access, name))
		access->positions[access->nr_positions++] = name;
}

/* What is computed from the position, but by a function of which one would have to know more. */
static void spread(struct access *access)
{
	for (unsigned int i = 1; i < access->fn->nr_nodes; i++) {
		const struct node *node = &access->fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++) {
			const struct assign *assign = &node->assigns[k];
			const char *text = span_text(access->asked->flow, access->fn->file,
						     assign->from);

			if (assign->object == access->count && has_position(access, text))
				access->bounded = true;
			else if (has_position(access, text) && !strchr(assign->object, '.') &&
				 *assign->object != '*')
				add_position(access, assign->object);
		}
	}
}

static bool splits(const struct file *file, unsigned int at)
{
	static const char *const signs[] = { "&&", "||", "?", ":", "," };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++)
		if (token_is(file, at, signs[i]))
			return true;
	return false;
}

static bool is_comparison(const struct file *file, unsigned int at)
{
	return token_is(file, at, "<") || token_is(file, at, ">") || token_is(file, at, "<=") ||
	       token_is(file, at, ">=");
}

/* One comparison has both; that there is one of each says nothing. */
static bool compares_both(const struct access *access, struct span span)
{
	const struct file *file = access->fn->file;
	unsigned int first = span.first;
	bool compares = false;

	for (unsigned int i = span.first; i <= span.end; i++) {
		const char *text;

		if (i < span.end && !splits(file, i)) {
			compares |= is_comparison(file, i);
			continue;
		}
		text = object_of(access->asked->flow, file, (struct span){ first, i });
		if (compares && has_word(text, access->count) && has_position(access, text))
			return true;
		first = i + 1;
		compares = false;
	}
	return false;
}

/* "count < size - pos", and what is as good: the count is one of few, or was cut. */
static void read_tests(struct access *access)
{
	for (unsigned int i = 1; i < access->fn->nr_nodes; i++) {
		const struct node *node = &access->fn->nodes[i];
		const char *text = object_of(access->asked->flow, access->fn->file, node->span);

		if (!has_word(text, access->count))
			continue;
		if (compares_both(access, node->span))
			access->bounded = true;
		if (node->kind == NODE_TEST && (strstr(text, "==") || strstr(text, "!=")))
			access->bounded = true;
		if (node->kind == NODE_EXPR &&
		    access->fn->nodes[node->next].kind == NODE_JOIN &&
		    access->fn->nodes[access->fn->nodes[node->next].next].kind == NODE_CASE)
			access->bounded = true;
		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (node->assigns[k].object == access->count)
				access->bounded = true;
	}
}

static bool reaches_memory(const char *name)
{
	static const char *const names[] = {
		"memcpy", "copy_to_user", "copy_from_user", "__copy_to_user", "__copy_from_user",
		"memcpy_fromio", "memcpy_toio", "memmove",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void look(struct access *access, unsigned int depth);

/* Which of the arguments of a helper are position and count. */
static void look_into(struct access *access, const struct call *call, unsigned int depth)
{
	struct access inside = { .asked = access->asked, .fn = call->callee };

	for (unsigned int i = 0; i < call->count && i < call->callee->nr_params; i++) {
		if (call->objects[i] == access->count)
			inside.count = call->callee->params[i];
		else if (has_position(access, call->objects[i]))
			add_position(&inside, call->callee->params[i]);
	}
	if (!inside.count || !inside.nr_positions)
		return;
	look(&inside, depth - 1);
	access->bounded |= inside.bounded;
	if (inside.reached && !access->reached) {
		access->reached = inside.reached;
		access->where = inside.where;
	}
}

static void look_at_call(struct access *access, const struct call *call, unsigned int depth)
{
	bool position = false, count = false;

	for (unsigned int i = 0; i < call->count; i++) {
		position |= has_position(access, call->objects[i]);
		count |= has_word(call->objects[i], access->count);
	}
	if (!position || !count)
		return;
	if (reaches_memory(call->name)) {
		if (!access->reached) {
			access->reached = call;
			access->where = access->fn;
		}
	} else if (call->callee && depth) {
		look_into(access, call, depth);
	} else {
		/* Somebody else's function, or one too far away, may well look. */
		access->bounded = true;
	}
}

static void look(struct access *access, unsigned int depth)
{
	for (unsigned int i = 0; i < 3; i++)
		spread(access);
	read_tests(access);
	for (unsigned int i = 1; i < access->fn->nr_nodes && !access->bounded; i++)
		for (unsigned int c = 0; c < access->fn->nodes[i].nr_calls; c++)
			look_at_call(access, &access->fn->nodes[i].calls[c], depth);
}

/* (…, char __user *buf, size_t count, loff_t *pos) */
static void ask_access(const struct asked *asked, const struct function *fn)
{
	struct access access = { .asked = asked, .fn = fn };
	unsigned int last = fn->nr_params - 1;

	if (fn->nr_params < 4 || !fn->param_types[last] || strcmp(fn->param_types[last], "loff_t") ||
	    !fn->param_pointers[last] || !fn->param_types[last - 1] ||
	    strcmp(fn->param_types[last - 1], "size_t"))
		return;
	access.count = fn->params[last - 1];
	add_position(&access, fn->params[last]);
	look(&access, DEPTH);
	if (access.reached && !access.bounded)
		report_line(asked, access.where->file, call_line(access.where, access.reached),
			    "%s() reaches from the user's position for his count, and nothing "
			    "compares their sum with a size", access.reached->name);
}

void ask_range(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		if (!asked->flow->functions[i]->macro)
			ask_access(asked, asked->flow->functions[i]);
}
