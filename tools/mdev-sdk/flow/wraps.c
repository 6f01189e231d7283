// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two that go with numbers of a guest: a division that was asked about what is divided, and a
 * counter of 8 or 16 bits that comes round before its loop ends.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "values.h"

static bool is_plain(const char *text)
{
	return *text && !strpbrk(text, "+-*/%&|<>=!?([ ");
}

/* What an expression is divided by, and what is divided; false: nothing is. */
static bool division(struct flow *flow, const struct function *fn, const struct node *node,
		     const char **number, const char **by)
{
	static const char *const dividers[] = {
		"div_u64", "div64_u64", "div64_ul", "do_div", "DIV_ROUND_UP", "DIV_ROUND_CLOSEST",
	};

	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(dividers); i++)
			if (!strcmp(node->calls[c].name, dividers[i]) && node->calls[c].count > 1) {
				*number = node->calls[c].objects[0];
				*by = node->calls[c].objects[1];
				return true;
			}
	for (unsigned int t = node->span.first + 1; t + 1 < node->span.end; t++)
		if (token_is(fn->file, t, "/") || token_is(fn->file, t, "%")) {
			*number = object_of(flow, fn->file, (struct span){ node->span.first, t });
			*by = object_of(flow, fn->file, (struct span){ t + 1, node->span.end });
			return true;
		}
	return false;
}

static bool is_asked(const struct function *fn, const char *object)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_TEST && has_word(fn->nodes[n].text, object))
			return true;
	return false;
}

/* "sum ? sum * 100 / count : 0": it is count that may be 0. */
static void ask_division(const struct asked *asked, const struct function *fn, unsigned int at)
{
	struct flow *flow = asked->flow;
	const struct node *test = &fn->nodes[at];
	const struct node *node = &fn->nodes[past_joins(fn, test->next)];
	const char *number, *by;

	if (!is_plain(test->text) || node->span.first >= node->span.end ||
	    node->kind == NODE_TEST || !division(flow, fn, node, &number, &by))
		return;
	if (!is_plain(by) || !object_member(flow, by) || is_asked(fn, by) ||
	    !says_object(number, test->text) || says_object(by, test->text))
		return;
	report_line(asked, fn->file, fn->file->tokens[node->span.first].line,
		    "'%s' divides and may be 0: it was asked whether '%s' is", by, test->text);
}

/* The sign of "<" or "<=" in a test, outside of brackets. */
static unsigned int less_at(const struct file *file, struct span span)
{
	unsigned int at = next_at(file, span.first, span.end, "<");

	return at < span.end ? at : next_at(file, span.first, span.end, "<=");
}

static bool is_narrow(const struct variable *variable)
{
	struct value_type type = variable && !variable->pointer && !variable->array ?
		type_of_name(variable->type, variable->is_unsigned) : (struct value_type){ 0 };

	return type.bits && type.bits < 32 && !type.is_signed;
}

static bool is_stepped(const struct function *fn, const char *name)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == name &&
			    token_is(fn->file, fn->nodes[n].assigns[k].at, "++"))
				return true;
	return false;
}

/* Another test says how far it may go. */
static bool has_own_end(const struct function *fn, unsigned int but, const char *name)
{
	size_t len = strlen(name);

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const char *text = fn->nodes[n].text;

		if (n != but && fn->nodes[n].kind == NODE_TEST && !strncmp(text, name, len) &&
		    strchr("<=>!", text[len]))
			return true;
	}
	return false;
}

/* "while (i + run < len) run++", where run has 8 bits and len 32. */
static void ask_counter(const struct asked *asked, const struct function *fn, unsigned int at)
{
	struct flow *flow = asked->flow;
	const struct node *test = &fn->nodes[at];
	unsigned int sign = less_at(fn->file, test->span);
	const char *left, *right;
	struct value_type limit;

	if (sign >= test->span.end || !leads_to(fn, at, at, NULL, NULL))
		return;
	left = object_of(flow, fn->file, (struct span){ test->span.first, sign });
	right = object_of(flow, fn->file, (struct span){ sign + 1, test->span.end });
	limit = type_of(flow, fn, right);
	if (limit.bits < 32 || !strchr(left, '+'))
		return;
	for (unsigned int v = 0; v < fn->nr_variables; v++) {
		const char *name = fn->variables[v].name;

		if (!is_narrow(&fn->variables[v]) || !says_object(left, name) ||
		    !is_stepped(fn, name) || has_own_end(fn, at, name))
			continue;
		report_line(asked, fn->file, fn->file->tokens[test->span.first].line,
			    "'%s' comes round before this loop ends: it has too few bits", name);
	}
}

void ask_wraps(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_TEST) {
				ask_division(asked, fn, n);
				ask_counter(asked, fn, n);
			}
	}
}
