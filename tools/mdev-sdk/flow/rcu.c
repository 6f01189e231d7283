// SPDX-License-Identifier: GPL-2.0-only
/* What RCU readers may be in is freed, and nobody has waited for them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct reading {
	const struct asked *asked;
	struct function *fn;
	const char *object;	/* what readers may still be in */
	bool told;
};

static bool waits(const struct node *node)
{
	static const char *const starts[] = {
		"synchronize_", "call_rcu", "call_srcu", "kfree_rcu", "kvfree_rcu", "rcu_barrier",
		"cond_synchronize_",
	};

	for (unsigned int c = 0; c < node->nr_calls; c++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(starts); i++)
			if (lab_has_prefix(node->calls[c].name, starts[i]))
				return true;
	return false;
}

static bool is_it(void *data, const struct touch *touch)
{
	struct reading *reading = data;

	if (!touch->always || touch->object != reading->object)
		return false;
	reading->told = true;
	report_line(reading->asked, reading->fn->file, call_line(reading->fn, touch->call),
		    "%s is freed, and nobody has waited for readers that may be in it",
		    touch->object);
	return true;
}

/* A helper that waits, at whichever depth. */
static bool helper_waits(const struct node *node, unsigned int depth)
{
	for (unsigned int c = 0; depth && c < node->nr_calls; c++) {
		const struct function *callee = node->calls[c].callee;

		for (unsigned int n = 1; callee && n < callee->nr_nodes; n++)
			if (waits(&callee->nodes[n]) || helper_waits(&callee->nodes[n], depth - 1))
				return true;
	}
	return false;
}

static int reading_visit(struct walk *walk, unsigned int at, int state)
{
	struct reading *reading = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (reading->told || node->kind == NODE_EXIT || waits(node) || helper_waits(node, 2))
		return -1;
	node_touches(walk->flow, walk->fn, node, family_of(walk->flow, "memory"), ROLE_PUT, is_it,
		     reading);
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == reading->object)
			return -1;
	return state;
}

/* "old = rcu_dereference_protected(place, ...)", or "old = place". */
static const char *old_value(const struct asked *asked, const struct function *fn,
			     const char *place)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		for (unsigned int c = 0; c < node->nr_calls; c++)
			if (lab_has_prefix(node->calls[c].name, "rcu_dereference") &&
			    node->calls[c].count && node->calls[c].objects[0] == place)
				return node->calls[c].result;
		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (object_of(asked->flow, fn->file, node->assigns[k].from) == place)
				return node->assigns[k].object;
	}
	return NULL;
}

/* What the call takes away from new readers; NULL: nothing. */
static const char *taken_away(const struct asked *asked, const struct function *fn,
			      const struct call *call)
{
	if (!call->count)
		return NULL;
	if (!strcmp(call->name, "list_del_rcu") || !strcmp(call->name, "hlist_del_rcu") ||
	    !strcmp(call->name, "hlist_del_init_rcu"))
		return object_root(asked->flow, call->objects[0]);
	if (!strcmp(call->name, "rcu_replace_pointer"))
		return call->result;
	if (!strcmp(call->name, "rcu_assign_pointer") || !strcmp(call->name, "RCU_INIT_POINTER"))
		return old_value(asked, fn, call->objects[0]);
	return NULL;
}

static void ask_call(const struct asked *asked, struct function *fn, unsigned int n,
		     const struct call *call)
{
	struct reading reading = { asked, fn, taken_away(asked, fn, call), false };
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = reading_visit, .data = &reading,
	};

	if (reading.object)
		walk_from(&walk, fn->nodes[n].next, 0);
	free(walk.seen);
}

void ask_rcu(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				ask_call(asked, fn, n, &fn->nodes[n].calls[c]);
	}
}
