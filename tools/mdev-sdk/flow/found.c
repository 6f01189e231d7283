// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is found in a list gets its reference only when the list's lock was let go: in between
 * somebody may have taken it off and freed it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct finder {
	const struct asked *asked;
	struct function *fn;
	const bool *locked;
	unsigned int found;	/* the walk of the list, or the call that finds */
	const char *object;	/* what it finds */
	bool told;
};

static bool counts(const struct flow *flow, int family)
{
	return family == family_of(flow, "kref") || family == family_of(flow, "device") ||
	       family == family_of(flow, "refcount");
}

static bool is_get(void *data, const struct touch *touch)
{
	const struct finder *finder = data;

	return touch->always && counts(finder->asked->flow, touch->family) &&
	       object_within(touch->object, finder->object);
}

static bool says(const struct node *node, const char *word)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (strstr(node->calls[c].name, word))
			return true;
	return false;
}

/* RCU, or a lock of which the caller knows, holds it. */
static bool is_held_otherwise(const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (says(&fn->nodes[n], "rcu") || says(&fn->nodes[n], "assert"))
			return true;
	return false;
}

static int found_visit(struct walk *walk, unsigned int at, int state)
{
	struct finder *finder = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (finder->told || node->kind == NODE_EXIT || at == finder->found)
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == finder->object)
			return -1;
	if (!node_touches(walk->flow, walk->fn, node, -1, ROLE_GET, is_get, finder))
		return state;
	if (!finder->locked[at])
		report_line(finder->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "%s was found in a list whose lock was let go: its reference comes "
			    "too late", finder->object);
	finder->told = !finder->locked[at];
	return -1;
}

static void ask_ways(const struct finder *found, unsigned int from)
{
	struct finder finder = *found;
	struct walk walk = {
		.flow = finder.asked->flow, .fn = finder.fn, .visit = found_visit,
		.data = &finder,
	};

	walk_from(&walk, from, 0);
	free(walk.seen);
}

/* What a walk of a list stands at, or NULL. */
static const char *position_of(const struct function *fn, const struct node *node)
{
	for (unsigned int c = 0; node->kind == NODE_TEST && c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];

		if (strstr(call->name, "list_for_each_entry") && !strstr(call->name, "rcu") &&
		    call->count && variable_of(fn, call->objects[0]))
			return call->objects[0];
	}
	return NULL;
}

static bool gets_it(struct flow *flow, const struct function *fn, const char *object)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (!strstr(call->name, "get") && !call_row(call, -1, ROLE_GET))
				continue;
			for (unsigned int k = 0; k < call->count; k++)
				if (object_root(flow, call->objects[k]) == object)
					return true;
		}
	return false;
}

struct held {
	struct flow *flow;
	bool *nodes;
};

static bool mark(void *data, struct function *fn, const struct node *node)
{
	((struct held *)data)->nodes[node - fn->nodes] = true;
	return true;
}

/* A guard lets go as the function returns; by hand it is let go before, or by the caller. */
static void mark_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct held *held = data;

	if (!lock->scope.end)
		walk_below(held->flow, fn, lock, mark, held);
}

/* It returns the object, and with no lock that the caller lets go. */
static bool returns_bare(struct flow *flow, struct function *fn, const char *object)
{
	struct held held = { flow, calloc(fn->nr_nodes + 1, sizeof(bool)) };
	bool returns = false, keeps = !held.nodes;

	if (held.nodes)
		each_lock(flow, fn, mark_lock, &held);
	for (unsigned int n = 1; held.nodes && n < fn->nr_nodes; n++) {
		if (fn->nodes[n].kind != NODE_RETURN || fn->nodes[n].text != object)
			continue;
		returns = true;
		keeps |= held.nodes[n];
	}
	free(held.nodes);
	return returns && !keeps;
}

/* A function that returns what it found in a list, without its lock and without a reference. */
static bool finds_bare(struct flow *flow, struct function *fn)
{
	bool *locked = nodes_locked(flow, fn), bare = false;

	for (unsigned int n = 1; locked && n < fn->nr_nodes && !bare; n++) {
		const char *object = locked[n] ? position_of(fn, &fn->nodes[n]) : NULL;

		bare = object && returns_bare(flow, fn, object) && !gets_it(flow, fn, object);
	}
	free(locked);
	return bare && !is_held_otherwise(fn);
}

static void ask_node(const struct finder *of, unsigned int n)
{
	struct finder finder = *of;
	const struct node *node = &finder.fn->nodes[n];
	const char *position = finder.locked[n] ? position_of(finder.fn, node) : NULL;

	finder.found = n;
	if (position) {
		finder.object = position;
		ask_ways(&finder, node->next);
	}
	for (unsigned int c = 0; !finder.locked[n] && c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];

		if (!call->result || !call->callee || !variable_of(finder.fn, call->result) ||
		    !finds_bare(finder.asked->flow, call->callee))
			continue;
		finder.object = call->result;
		ask_ways(&finder, node->next ? node->next : node->other);
	}
}

void ask_found(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		bool *locked = fn->macro || is_held_otherwise(fn) ? NULL :
			       nodes_locked(asked->flow, fn);
		struct finder finder = { .asked = asked, .fn = fn, .locked = locked };

		for (unsigned int n = 1; locked && n < fn->nr_nodes; n++)
			ask_node(&finder, n);
		free(locked);
	}
}
