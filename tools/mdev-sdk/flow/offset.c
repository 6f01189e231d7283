// SPDX-License-Identifier: GPL-2.0-only
/*
 * "if (pos >= A) pos -= B": what is taken away is the beginning of another region. And "pos -= A" after
 * which nobody uses pos, but memory is reached: each access reaches the beginning.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct taking {
	const struct asked *asked;
	const struct function *fn;
	const char *position, *start;	/* position - start */
	unsigned int node;
	bool same, other;	/* on a way here the comparison was with it, or with another */
	bool used, reached;	/* afterwards */
};

static bool is_macro_name(const char *text)
{
	bool upper = false;

	for (; *text; text++) {
		unsigned char c = *text;

		if (!isupper(c) && !isdigit(c) && c != '_')
			return false;
		upper |= isupper(c) != 0;
	}
	return upper;
}

/* The macro that the position is at least on this side of the test, or NULL. */
static const char *least(struct flow *flow, const struct node *node, const char *position,
			 bool taken)
{
	size_t len = strlen(position);
	const char *rest = node->text + len, *name;

	if (node->kind != NODE_TEST || strncmp(node->text, position, len))
		return NULL;
	name = rest + (rest[0] == '>' || rest[0] == '<') + (rest[0] && rest[1] == '=');
	if (!strncmp(rest, ">=", 2) ? !taken : *rest == '<' && rest[1] != '=' ? taken : true)
		return NULL;
	return is_macro_name(name) ? keep(flow, name, strlen(name)) : NULL;
}

/* state: 0 nothing is known, 1 at least the start, 2 at least another one. */
static int before_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct taking *taking = walk->data;
	const char *name = least(walk->flow, &walk->fn->nodes[at], taking->position, taken);

	return name ? (name == taking->start ? 1 : 2) : state;
}

static int before_visit(struct walk *walk, unsigned int at, int state)
{
	struct taking *taking = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == taking->node) {
		taking->other |= state == 2;
		taking->same |= state != 2;
		return -1;
	}
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == taking->position)
			return 0;
	return node->kind == NODE_EXIT ? -1 : state;
}

static bool reaches_memory(const struct node *node)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (strstr(node->calls[c].name, "memcpy") || strstr(node->calls[c].name, "_user"))
			return true;
	return false;
}

static int after_visit(struct walk *walk, unsigned int at, int state)
{
	struct taking *taking = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == taking->node && !state)
		return 1;
	taking->used |= has_word(object_of(walk->flow, walk->fn->file, node->span),
				 taking->position);
	taking->reached |= reaches_memory(node);
	return node->kind == NODE_EXIT || taking->used ? -1 : state;
}

static void check_taking(struct taking *taking, unsigned int line)
{
	struct walk before = {
		.flow = taking->asked->flow, .fn = (struct function *)taking->fn,
		.visit = before_visit, .branch = before_branch, .data = taking,
	};
	struct walk after = {
		.flow = taking->asked->flow, .fn = (struct function *)taking->fn,
		.visit = after_visit, .data = taking,
	};

	walk_from(&before, taking->fn->entry, 0);
	walk_from(&after, taking->node, 0);
	free(before.seen);
	free(after.seen);
	if (before.gave_up || after.gave_up)
		return;
	if (taking->other && !taking->same)
		report_line(taking->asked, taking->fn->file, line,
			    "%s was compared with another beginning than %s, which is taken away",
			    taking->position, taking->start);
	else if (!taking->used && taking->reached)
		report_line(taking->asked, taking->fn->file, line,
			    "nobody uses %s after this: each access reaches the beginning",
			    taking->position);
}

/* "pos -= START" of a number that the function was given. */
static void look(const struct asked *asked, const struct function *fn, unsigned int node,
		 const struct assign *assign)
{
	struct taking taking = {
		.asked = asked, .fn = fn, .position = assign->object, .node = node,
		.start = span_text(asked->flow, fn->file, assign->from),
	};
	int param = param_of(fn, assign->object);

	if (token_is(fn->file, assign->at, "-=") && param >= 0 && !fn->param_pointers[param] &&
	    is_macro_name(taking.start))
		check_taking(&taking, fn->file->tokens[assign->at].line);
}

void ask_offset(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
				look(asked, fn, n, &fn->nodes[n].assigns[k]);
	}
	ask_region_size(asked);
}
