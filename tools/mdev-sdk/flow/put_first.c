// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reference is put, and only then its place gets another value, under a lock: who holds that lock
 * in between uses what is gone.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = { "eventfd", "file", "memory", "pinned" };

struct early_put {
	const struct asked *asked;
	struct function *fn;
	const bool *locked;
	unsigned int node;
	const char *object;	/* the place */
	bool told;
};

static bool is_assigned(const struct node *node, const char *object)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == object)
			return true;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (call_replaces(&node->calls[c], object))
			return true;
	return false;
}

/* What leads to it is another now: a pointer, or the number of an element. */
static bool is_other(struct flow *flow, const struct node *node, const char *object)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const char *member = object_member(flow, node->assigns[k].object);

		if (has_word(object, member ? member : node->assigns[k].object))
			return true;
	}
	return node->kind == NODE_TEST && strstr(node->text, "for_each");
}

static int after_visit(struct walk *walk, unsigned int at, int state)
{
	struct early_put *put = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (put->told || node->kind == NODE_EXIT || at == put->node)
		return -1;
	if (is_assigned(node, put->object)) {
		put->told = put->locked[at];
		return -1;
	}
	return is_other(walk->flow, node, put->object) ? -1 : state;
}

/* The place that a local was read from; NULL: none, or several, or it was emptied before. */
static const char *place_read(const struct early_put *put, const char *local)
{
	struct flow *flow = put->asked->flow;
	const char *place = NULL;

	for (unsigned int n = 1; n < put->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < put->fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &put->fn->nodes[n].assigns[k];

			if (assign->object != local || !assign->from.end)
				continue;
			if (place)
				return NULL;
			place = object_of(flow, put->fn->file, assign->from);
		}
	if (!place || !strpbrk(place, ".[") || strpbrk(place, "()?+&|"))
		return NULL;
	for (unsigned int n = 1; n < put->fn->nr_nodes; n++) {
		bool *after = is_assigned(&put->fn->nodes[n], place) ? nodes_after(put->fn, n) :
			      NULL;
		bool before = after && after[put->node];

		free(after);
		if (before)
			return NULL;
	}
	return place;
}

static bool at_put(void *data, const struct touch *touch)
{
	struct early_put put = *(const struct early_put *)data;
	struct walk walk = {
		.flow = put.asked->flow, .fn = put.fn, .visit = after_visit, .data = &put,
	};

	if (!touch->always || touch->emptied || put.locked[put.node])
		return false;
	put.object = strpbrk(touch->object, ".*[") ? touch->object :
		     variable_of(put.fn, touch->object) ? place_read(&put, touch->object) : NULL;
	if (!put.object || strpbrk(put.object, "()?+"))
		return false;
	walk_from(&walk, put.fn->nodes[put.node].next, 0);
	free(walk.seen);
	if (put.told)
		report_line(put.asked, put.fn->file, call_line(put.fn, touch->call),
			    "%s is given back here, and its place is emptied below a lock "
			    "afterwards: who holds that lock may use it", touch->object);
	return false;
}

static void ask_function(const struct asked *asked, struct function *fn)
{
	bool *locked = nodes_locked(asked->flow, fn);
	struct early_put put = { .asked = asked, .fn = fn, .locked = locked };

	for (put.node = 1; locked && put.node < fn->nr_nodes; put.node++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++)
			node_touches(asked->flow, fn, &fn->nodes[put.node],
				     family_of(asked->flow, families[i]), ROLE_PUT, at_put, &put);
	free(locked);
}

void ask_put_first(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		/* A lock of the caller's is as good. */
		if (!fn->macro && !calls_word(fn, "assert") &&
		    !runs_only(fn, WHEN_BIRTH | WHEN_DEATH))
			ask_function(asked, fn);
	}
}
