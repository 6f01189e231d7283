// SPDX-License-Identifier: GPL-2.0-only
/* Who gives back what stands in a member: a loop over all elements, a helper, another operation. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct place {
	struct flow *flow;
	const struct function *fn;
	const char *name;
};

/* What it is called by, whichever element and whichever local pointer. */
const char *place_name(struct flow *flow, const struct function *fn, const char *object)
{
	const char *place = place_of_object(flow, fn, object);

	return place ? place : plain_name(flow, object);
}

static bool is_place(void *data, const struct touch *touch)
{
	const struct place *place = data;

	return place_name(place->flow, place->fn, touch->object) == place->name;
}

bool node_puts_place(struct flow *flow, const struct function *fn, const struct node *node,
		     int family, const char *name, unsigned int depth)
{
	struct place place = { flow, fn, name };

	if (node_touches(flow, fn, node, family, ROLE_PUT, is_place, &place))
		return true;
	for (unsigned int c = 0; depth && c < node->nr_calls; c++)
		if (node->calls[c].callee &&
		    puts_place(flow, node->calls[c].callee, family, name, depth - 1))
			return true;
	return false;
}

bool puts_place(struct flow *flow, const struct function *fn, int family, const char *name,
		unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (node_puts_place(flow, fn, &fn->nodes[n], family, name, depth))
			return true;
	return false;
}

static void mark_reached(const struct function *fn, unsigned int node, bool *reached)
{
	while (node && !reached[node]) {
		reached[node] = true;
		if (fn->nodes[node].other)
			mark_reached(fn, fn->nodes[node].other, reached);
		node = fn->nodes[node].next;
	}
}

bool *nodes_after(const struct function *fn, unsigned int node)
{
	bool *reached = calloc(fn->nr_nodes + 1, sizeof(*reached));

	if (reached) {
		mark_reached(fn, fn->nodes[node].next, reached);
		mark_reached(fn, fn->nodes[node].other, reached);
	}
	return reached;
}

/* Tests of a loop that gives back: where it begins all are as good as given back. */
static void mark_loop(const struct function *fn, unsigned int put, const bool *after, bool *undo)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		bool *from;

		if (fn->nodes[n].kind != NODE_TEST || !after[n])
			continue;
		from = nodes_after(fn, n);
		undo[n] |= from && from[put];
		free(from);
	}
}

bool *undo_loops(struct flow *flow, const struct function *fn, int family, const char *name,
		 unsigned int get)
{
	bool *undo = calloc(fn->nr_nodes + 1, sizeof(*undo));

	for (unsigned int n = 1; undo && n < fn->nr_nodes; n++) {
		bool *after;

		if (n == get || !node_puts_place(flow, fn, &fn->nodes[n], family, name, 1))
			continue;
		after = nodes_after(fn, n);
		/* Not one that gets as well. */
		if (after && after[n] && !after[get])
			mark_loop(fn, n, after, undo);
		free(after);
	}
	return undo;
}

/* Behind the get it is given back on some way that ends there. */
bool undone_later(struct flow *flow, const struct function *fn, int family, const char *name,
		  unsigned int get)
{
	bool *after = nodes_after(fn, get), undone = false;

	for (unsigned int n = 1; after && n < fn->nr_nodes && !undone; n++) {
		bool *from;

		if (!after[n] || n == get ||
		    !node_puts_place(flow, fn, &fn->nodes[n], family, name, 1))
			continue;
		from = nodes_after(fn, n);
		undone = from && !from[get];
		free(from);
	}
	free(after);
	return undone;
}

/*
 * A function that begins something is never undone by what ends it when it fails: open by close,
 * init, probe and create by the others.
 */
bool ended_by_other(struct flow *flow, const struct function *fn, int family, const char *name)
{
	bool opens = fn->when & WHEN_OPEN, ended = false;

	if (!runs_only(fn, WHEN_BEGIN) || fn->nr_callers)
		return false;
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *other = flow->functions[i];

		if (!(other->when & WHEN_END) || !is_near(other, fn->file) ||
		    !puts_place(flow, other, family, name, 0))
			continue;
		if (opens && !(other->when & WHEN_CLOSE))
			return false;
		ended |= opens || other->when & WHEN_DEATH;
	}
	return ended;
}
