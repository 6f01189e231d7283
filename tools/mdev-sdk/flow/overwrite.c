// SPDX-License-Identifier: GPL-2.0-only
/* A member that others give back gets another value, and nobody has looked at the one before. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* Not memory: what fills a new struct looks the same. */
static const char *const families[] = { "pinned", "eventfd", "file", "pages" };

struct writing {
	const struct asked *asked;
	struct function *fn;
	unsigned int node;	/* of the assignment */
	const char *object, *member;
	int family;
	bool reached;
};

/* The member stands in a statement: it is tested, read, or given to somebody. */
static bool names_it(const struct function *fn, const struct node *node, const char *member)
{
	for (unsigned int t = node->span.first + 1; t < node->span.end; t++)
		if (token_is(fn->file, t, member) &&
		    (token_is(fn->file, t - 1, "->") || token_is(fn->file, t - 1, ".")))
			return true;
	return false;
}

/* A helper that names the member has looked at it; one that nobody knows may have. */
static bool looks(const struct function *fn, const struct node *node, const char *member)
{
	if (names_it(fn, node, member))
		return true;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (node->calls[c].callee && names_member(node->calls[c].callee, member))
			return true;
	return false;
}

static int write_visit(struct walk *walk, unsigned int at, int state)
{
	struct writing *writing = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == writing->node) {
		writing->reached = true;
		return -1;
	}
	return looks(walk->fn, node, writing->member) || node->kind == NODE_EXIT ? -1 : state;
}

/* It or a helper of its own names the member; the one that is asked about does not count. */
static bool names_within(const struct writing *writing, const struct function *fn,
			 unsigned int depth)
{
	if (fn == writing->fn)
		return false;
	if (names_member(fn, writing->member))
		return true;
	for (unsigned int n = 1; depth && n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].callee &&
			    names_within(writing, fn->nodes[n].calls[c].callee, depth - 1))
				return true;
	return false;
}

static bool calls_it(const struct writing *writing, const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (fn->nodes[n].calls[c].callee == writing->fn)
				return true;
	return false;
}

/* Who calls it may have looked. */
static bool caller_looks(const struct writing *writing)
{
	const struct flow *flow = writing->asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++)
		if (calls_it(writing, flow->functions[i]) &&
		    names_within(writing, flow->functions[i], 2))
			return true;
	return false;
}

static bool is_member(void *data, const struct touch *touch)
{
	const struct writing *writing = data;

	return object_member(writing->asked->flow, touch->object) == writing->member;
}

/* Of pages the address is given back: who does so names the member. */
static bool gives_back(struct writing *writing, const struct function *fn)
{
	struct flow *flow = writing->asked->flow;
	bool pages = writing->family == family_of(flow, "pages");

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		if (node_touches(flow, fn, node, writing->family, ROLE_PUT, is_member, writing))
			return true;
		for (unsigned int c = 0; pages && c < node->nr_calls; c++)
			if (call_row(&node->calls[c], writing->family, ROLE_PUT) &&
			    names_member(fn, writing->member))
				return true;
	}
	return false;
}

static bool others_give_back(struct writing *writing)
{
	struct flow *flow = writing->asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++)
		if (flow->functions[i] != writing->fn &&
		    is_near(flow->functions[i], writing->fn->file) &&
		    gives_back(writing, flow->functions[i]))
			return true;
	return false;
}

static bool helper_gives_back(struct writing *writing, const struct node *node, unsigned int depth)
{
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct function *callee = node->calls[c].callee;

		if (callee && gives_back(writing, callee))
			return true;
		for (unsigned int n = 1; callee && depth && n < callee->nr_nodes; n++)
			if (helper_gives_back(writing, &callee->nodes[n], depth - 1))
				return true;
	}
	return false;
}

/* It stands there only for as long as this function runs. */
static bool is_brief(struct writing *writing)
{
	struct flow *flow = writing->asked->flow;
	bool *after = nodes_after(writing->fn, writing->node), brief = false;

	for (unsigned int n = 1; after && n < writing->fn->nr_nodes; n++)
		brief |= after[n] &&
			 (node_touches(flow, writing->fn, &writing->fn->nodes[n], writing->family,
				       ROLE_PUT, is_member, writing) ||
			  helper_gives_back(writing, &writing->fn->nodes[n], 2));
	free(after);
	return brief;
}

static void ask_writing(struct writing *writing)
{
	struct walk walk = {
		.flow = writing->asked->flow, .fn = writing->fn, .visit = write_visit,
		.data = writing,
	};

	if (!others_give_back(writing) || caller_looks(writing) || is_brief(writing))
		return;
	walk_from(&walk, writing->fn->entry, 0);
	free(walk.seen);
	if (writing->reached && !walk.gave_up)
		report_line(writing->asked, walk.fn->file,
			    walk.fn->file->tokens[walk.fn->nodes[writing->node].span.first].line,
			    "%s may hold one already, and nobody gives it back before this",
			    writing->object);
}

struct got {
	const struct asked *asked;
	const struct function *fn;
	const char *name;
	int family;
};

static bool is_result(void *data, const struct touch *touch)
{
	const struct got *got = data;

	return touch->call->result == got->name && touch->call->result == touch->object;
}

/* vfio_pin_pages(..., &page) */
static bool is_page_of(const struct node *node, int family, const char *name)
{
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];

		if (call_row(call, family, ROLE_GET) && call->count &&
		    call->objects[call->count - 1] == name)
			return true;
	}
	return false;
}

/* The family of what a local variable got in this function; -1: none. */
static int family_got(struct got *got)
{
	struct flow *flow = got->asked->flow;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++) {
		int family = family_of(flow, families[i]);

		for (unsigned int n = 1; n < got->fn->nr_nodes; n++)
			if (node_touches(flow, got->fn, &got->fn->nodes[n], family, ROLE_GET,
					 is_result, got) ||
			    (!strcmp(families[i], "pages") &&
			     is_page_of(&got->fn->nodes[n], family, got->name)))
				return family;
	}
	return -1;
}

/* "x->member = got", or "x->member = get()". */
static void ask_assign(const struct asked *asked, struct function *fn, unsigned int n,
		       const struct assign *assign)
{
	struct flow *flow = asked->flow;
	const char *member = object_member(flow, real_object(flow, fn, assign->object));
	struct got got = { asked, fn, NULL, -1 };
	struct writing writing = {
		.asked = asked, .fn = fn, .node = n, .object = assign->object, .member = member,
	};

	if (!member || !token_is(fn->file, assign->at, "="))
		return;
	got.name = assign->from.first + 1 == assign->from.end ?
		   token_text(flow, fn->file, assign->from.first) : assign->object;
	if (got.name != assign->object && !variable_of(fn, got.name))
		return;
	writing.family = family_got(&got);
	if (writing.family >= 0)
		ask_writing(&writing);
}

/* A new thing, in which there is nothing yet; or one of this function alone. */
static bool is_new(struct flow *flow, const struct function *fn, const char *object)
{
	struct got got = { NULL, fn, object_root(flow, object), family_of(flow, "memory") };
	const struct variable *variable = variable_of(fn, got.name);

	if (variable && !variable->pointer)
		return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (node_touches(flow, fn, &fn->nodes[n], got.family, ROLE_GET, is_result, &got))
			return true;
	return false;
}

void ask_overwrite(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		if (!runs_only(fn, WHEN_USED))
			continue;
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++)
				if (!is_new(asked->flow, fn, fn->nodes[n].assigns[k].object))
					ask_assign(asked, fn, n, &fn->nodes[n].assigns[k]);
	}
}
