// SPDX-License-Identifier: GPL-2.0-only
/* A loop that gives back element by element, downwards, and ends before the first one. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* "--i > 0" and "i-- > 1" ask, "i > 0" is asked by a loop that goes down by itself. */
static const char *counter_of(struct flow *flow, const struct function *fn,
			      const struct node *node, bool *stepped)
{
	const struct file *file = fn->file;
	struct span span = node->span;
	unsigned int at = span.first, sign, last = span.end - 1;
	bool before = token_is(file, at, "--"), after;

	at += before;
	after = token_is(file, at + 1, "--");
	sign = at + 1 + after;
	*stepped = before || after;
	if (sign + 2 != span.end || !token_is(file, sign, ">") ||
	    file->tokens[at].kind != TOKEN_NAME || !token_is(file, last, after ? "1" : "0"))
		return NULL;
	return variable_of(fn, token_text(flow, file, at)) ? token_text(flow, file, at) : NULL;
}

static bool goes_down(const struct function *fn, const char *counter)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
			if (fn->nodes[n].assigns[k].object == counter &&
			    token_is(fn->file, fn->nodes[n].assigns[k].at, "--"))
				return true;
	return false;
}

/* It counts from 0, or from one that does. */
static bool counts_from_zero(struct flow *flow, const struct function *fn, const char *counter,
			     unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];
			const char *from = object_of(flow, fn->file, assign->from);

			if (assign->object != counter || !token_is(fn->file, assign->at, "="))
				continue;
			if (!strcmp(from, "0") ||
			    (depth && variable_of(fn, object_root(flow, from)) &&
			     counts_from_zero(flow, fn, object_root(flow, from), depth - 1)))
				return true;
		}
	return false;
}

/* "x[i]", and not "x[i - 1]". */
static bool has_subscript(const char *text, const char *counter)
{
	size_t len = strlen(counter);

	for (const char *open = text; (open = strchr(open, '[')); open++)
		if (!strncmp(open + 1, counter, len) && open[1 + len] == ']')
			return true;
	return false;
}

static bool is_element(void *data, const struct touch *touch)
{
	const char *counter = data;
	bool by_number = touch->object && has_subscript(touch->object, counter);

	for (unsigned int i = 0; !by_number && i < touch->call->count; i++)
		by_number = has_subscript(touch->call->objects[i], counter);
	return by_number;
}

static bool node_gives_back(struct flow *flow, const struct function *fn, const struct node *node,
			    const char *counter)
{
	return node_touches(flow, fn, node, -1, ROLE_PUT, is_element, (void *)counter);
}

static bool is_same_test(const struct node *node, const char *text)
{
	return node->text == text;
}

/* Where the counter has gone down already, the last one is 0. */
static bool steps(const struct node *node, const char *counter)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == counter)
			return true;
	return false;
}

/* Itself, or by a way on which the counter stays as it was tested. */
static bool leads_to_from(const struct function *fn, unsigned int from, unsigned int to,
			  const char *counter)
{
	from = past_joins(fn, from);
	return from == to || (!steps(&fn->nodes[from], counter) &&
			      leads_to(fn, from, to, steps, counter));
}

/* The first one is taken by itself. */
static bool takes_first(struct flow *flow, const struct function *fn, unsigned int line)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_EXPR &&
		    fn->file->tokens[fn->nodes[n].span.first].line > line &&
		    strstr(node_text(flow, fn, &fn->nodes[n]), "[0]"))
			return true;
	return false;
}

static void look_at(const struct asked *asked, struct function *fn, unsigned int at)
{
	struct flow *flow = asked->flow;
	const struct node *test = &fn->nodes[at];
	bool stepped;
	const char *counter = counter_of(flow, fn, test, &stepped);

	if (!counter || !(stepped || goes_down(fn, counter)) ||
	    !counts_from_zero(flow, fn, counter, 1) ||
	    takes_first(flow, fn, fn->file->tokens[test->span.first].line) ||
	    !leads_to(fn, test->next, at, NULL, NULL))
		return;
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		if (!node_gives_back(flow, fn, &fn->nodes[n], counter) ||
		    !(n == past_joins(fn, test->next) ||
		      leads_to(fn, at, n, is_same_test, test->text)) ||
		    !leads_to(fn, n, at, NULL, NULL) ||
		    (!stepped && !leads_to_from(fn, test->next, n, counter)))
			continue;
		report_line(asked, fn->file, fn->file->tokens[test->span.first].line,
			    "this loop gives back what stands at %s, and ends before 0", counter);
		return;
	}
}

void ask_unwind(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			if (fn->nodes[n].kind == NODE_TEST &&
			    fn->nodes[n].span.end > fn->nodes[n].span.first + 2)
				look_at(asked, fn, n);
	}
}
