// SPDX-License-Identifier: GPL-2.0-only
/* Too early: freed while users may be inside, or a position judged without its lock. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct early {
	const struct asked *asked;
	const struct function *fn;
	unsigned int put;
	const char *object, *root;
	const struct call *call;
	bool told;
};

static bool has_root(void *data, const struct touch *touch)
{
	const struct early *early = data;

	return object_root(early->asked->flow, touch->object) == early->root;
}

static int early_visit(struct walk *walk, unsigned int at, int state)
{
	struct early *early = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == early->put)
		return 1;
	if (state && node_touches(walk->flow, walk->fn, node,
				  family_of(walk->flow, "registered"), ROLE_STOP, has_root, early))
		early->told = true;
	return early->told || node->kind == NODE_EXIT ? -1 : state;
}

/* A member that operations use, by its name. */
static bool is_used(const struct flow *flow, const struct function *but, const char *member)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (flow->functions[i] != but && flow->functions[i]->nr_params &&
		    names_member(flow->functions[i], member))
			return true;
	return false;
}

static bool at_free(void *data, const struct touch *touch)
{
	struct early early = *(const struct early *)data;
	const char *member = object_member(early.asked->flow, touch->object);
	struct walk walk = {
		.flow = early.asked->flow, .fn = (struct function *)early.fn,
		.visit = early_visit, .data = &early,
	};

	early.object = touch->object;
	early.call = touch->call;
	early.root = object_root(early.asked->flow, touch->object);
	if (member && touch->always)
		walk_from(&walk, early.fn->entry, 0);
	free(walk.seen);
	if (early.told && is_used(early.asked->flow, early.fn, member))
		report_line(early.asked, early.fn->file, call_line(early.fn, early.call),
			    "%s is freed before what uses it is unregistered: somebody may be "
			    "inside of it", early.object);
	return early.told;
}

/* Positions of files. */

struct position {
	const struct asked *asked;
	unsigned int judged;	/* a node, before any lock */
	bool told;
};

static bool reads_position(struct flow *flow, const struct function *fn, const struct node *node)
{
	const char *text = object_of(flow, fn->file, node->span);

	if (has_word(text, "f_pos"))
		return strncmp(text, "pos=", 4) && !strstr(text, "&");
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct function *callee = node->calls[i].callee;

		for (unsigned int t = callee ? callee->body.first : 1;
		     callee && t < callee->body.end; t++)
			if (token_is(callee->file, t, "f_pos"))
				return true;
	}
	return false;
}

static bool any_touch(void *data, const struct touch *touch)
{
	(void)data;
	return touch->direct;
}

static bool locks(const struct flow *flow, const struct function *fn, const struct node *node)
{
	static const char *const families[] = { "mutex", "spin", "writer", "reader" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++)
		if (node_touches((struct flow *)flow, fn, node, family_of(flow, families[i]),
				 ROLE_GET, any_touch, NULL))
			return true;
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (strstr(node->calls[i].name, "guard"))
			return true;
	return false;
}

static bool moves_position(const struct node *node)
{
	for (unsigned int i = 0; i < node->nr_assigns; i++)
		if (has_word(node->assigns[i].object, "f_pos"))
			return true;
	return false;
}

/* 0: nothing yet, 1: judged, 2: and then locked. */
static int position_visit(struct walk *walk, unsigned int at, int state)
{
	struct position *position = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT || position->told)
		return -1;
	if (locks(walk->flow, walk->fn, node))
		return state == 1 ? 2 : -1;
	if (state == 0 && node->kind == NODE_TEST && reads_position(walk->flow, walk->fn, node)) {
		position->judged = at;
		return 1;
	}
	if (state == 2 && moves_position(node)) {
		const struct node *judged = &walk->fn->nodes[position->judged];

		report_line(position->asked, walk->fn->file,
			    walk->fn->file->tokens[judged->span.first].line,
			    "the position is judged before the lock that it is moved under");
		position->told = true;
	}
	return state;
}

static void ask_positions(const struct asked *asked, struct function *fn)
{
	struct position position = { .asked = asked };
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = position_visit, .data = &position,
	};
	bool moves = false;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		moves |= moves_position(&fn->nodes[n]);
	if (moves)
		walk_from(&walk, fn->entry, 0);
	free(walk.seen);
}

void ask_order(const struct asked *asked)
{
	int memory = family_of(asked->flow, "memory");

	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++) {
			struct early early = { .asked = asked, .fn = fn, .put = n };

			node_touches(asked->flow, fn, &fn->nodes[n], memory, ROLE_PUT, at_free,
				     &early);
		}
		ask_positions(asked, fn);
	}
	ask_restart(asked);
	ask_registered(asked);
	ask_rcu(asked);
	ask_found(asked);
	ask_unmap_lock(asked);
}
