// SPDX-License-Identifier: GPL-2.0-only
/*
 * A lock is let go where it is not held: twice, or after a try that failed. It is held when a loop
 * comes to the next one. Or nobody asks whether it was got.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "balance.h"
#include "questions.h"

/* UNSURE: it may be the caller's. */
enum holding { UNSURE, TAKEN, LET_GO };

static const char *const families[] = { "mutex", "spin", "rwspin", "reader", "writer", "instance" };

struct unlock {
	const struct asked *asked;
	struct function *fn;
	int family, fails;
	unsigned int node;	/* of the get */
	const char *object;
	bool *told;		/* by node */
};

static bool is_it(void *data, const struct touch *touch)
{
	return touch->object == ((const struct unlock *)data)->object;
}

static bool is_it_itself(void *data, const struct touch *touch)
{
	return touch->direct && is_it(data, touch);
}

static bool node_does(const struct walk *walk, const struct node *node, int role, bool itself)
{
	const struct unlock *unlock = walk->data;

	return node_touches(walk->flow, walk->fn, node, unlock->family, role,
			    itself ? is_it_itself : is_it, walk->data);
}

/* Another lock by the same name, or one that a function may have taken that nobody knows. */
static bool is_unsure(const struct walk *walk, const struct node *node)
{
	const struct unlock *unlock = walk->data;

	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const char *object = node->assigns[k].object;

		if (object_within(unlock->object, object) || has_word(unlock->object, object))
			return true;
	}
	for (unsigned int c = 0; c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		bool known = call->nr_rows || only_logs(call->name) || (call->callee &&
			     all_known(walk->flow, call->callee, 2));

		for (unsigned int k = 0; !known && k < call->count; k++)
			if (*call->objects[k] && object_within(unlock->object, call->objects[k]))
				return true;
	}
	return strstr(node->text ? node->text : "", "for_each") &&
	       has_word(node->text, object_root(walk->flow, unlock->object));
}

static int unlock_visit(struct walk *walk, unsigned int at, int state)
{
	struct unlock *unlock = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT)
		return -1;
	if (node_does(walk, node, ROLE_PUT, true)) {
		if (state == LET_GO && !unlock->told[at])
			report_line(unlock->asked, walk->fn->file,
				    walk->fn->file->tokens[node->span.first].line,
				    "the lock %s is let go here, and on one way it is not held",
				    unlock->object);
		unlock->told[at] |= state == LET_GO;
		return state == LET_GO ? -1 : LET_GO;
	}
	if (node_does(walk, node, -1, false))
		return node_does(walk, node, ROLE_GET, true) ? TAKEN : UNSURE;
	return state == LET_GO && is_unsure(walk, node) ? UNSURE : state;
}

/* A try that failed: "if (!mutex_trylock(x))". */
static int unlock_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct unlock *unlock = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at != unlock->node || node->nr_calls != 1 || unlock->fails == FAILS_NOT ||
	    node->calls[0].at != node->span.first)
		return state;
	return (taken != is_turned(node->text)) == (unlock->fails == FAILS_ZERO) ? TAKEN : LET_GO;
}

static void ask_twice(struct unlock *unlock)
{
	struct walk walk = {
		.flow = unlock->asked->flow, .fn = unlock->fn, .visit = unlock_visit,
		.branch = unlock_branch, .data = unlock,
	};

	walk_from(&walk, unlock->fn->entry, UNSURE);
	free(walk.seen);
}

/* The element that the lock is of is stepped there. */
static bool steps_on(const struct walk *walk, const struct node *node)
{
	const struct unlock *unlock = walk->data;
	const struct file *file = walk->fn->file;

	if (node->kind == NODE_TEST && strstr(node->text, "list_for_each") && node->nr_calls &&
	    node->calls[0].count &&
	    node->calls[0].objects[0] == object_root(walk->flow, unlock->object))
		return true;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if ((token_is(file, node->assigns[k].at, "++") ||
		     token_is(file, node->assigns[k].at, "--")) &&
		    has_word(unlock->object, node->assigns[k].object))
			return true;
	return false;
}

static int round_visit(struct walk *walk, unsigned int at, int state)
{
	struct unlock *unlock = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (at == unlock->node)
		return state == TAKEN ? -1 : TAKEN;
	if (node->kind == NODE_EXIT)
		return -1;
	if (state == UNSURE)
		return state;
	if (node_does(walk, node, ROLE_PUT, false))
		return -1;
	if (!steps_on(walk, node))
		return state;
	if (!unlock->told[unlock->node])
		report_line(unlock->asked, walk->fn->file,
			    walk->fn->file->tokens[walk->fn->nodes[unlock->node].span.first].line,
			    "on one way the loop goes on to the next with the lock %s of this one",
			    unlock->object);
	unlock->told[unlock->node] = true;
	return -1;
}

/* It is let go in the same round of a loop: not a loop that takes them all. */
static void ask_round(struct unlock *unlock)
{
	struct walk walk = {
		.flow = unlock->asked->flow, .fn = unlock->fn, .visit = round_visit, .data = unlock,
	};
	bool *after = nodes_after(unlock->fn, unlock->node), same = false;

	for (unsigned int n = 1; after && after[unlock->node] && n < unlock->fn->nr_nodes; n++) {
		bool *from;

		if (!after[n] || !node_does(&walk, &unlock->fn->nodes[n], ROLE_PUT, true))
			continue;
		from = nodes_after(unlock->fn, n);
		same |= from && from[unlock->node];
		free(from);
	}
	free(after);
	if (!same || unlock->fails == FAILS_ZERO)
		return;
	walk_from(&walk, unlock->fn->entry, UNSURE);
	free(walk.seen);
}

static void ask_result(const struct unlock *unlock, const struct call *call)
{
	const struct node *node = &unlock->fn->nodes[unlock->node];

	if (node->kind == NODE_EXPR && unlock->fails != FAILS_NOT && call->at == node->span.first)
		report_line(unlock->asked, unlock->fn->file, call_line(unlock->fn, call),
			    "nobody asks whether %s() has got the lock %s", call->name,
			    unlock->object);
}

static bool at_get(void *data, const struct touch *touch)
{
	struct unlock *unlock = data;

	if (!touch->direct)
		return false;
	unlock->object = touch->object;
	unlock->fails = touch->fails;
	unlock->family = touch->family;
	ask_result(unlock, touch->call);
	/* A writer that becomes a reader has another lock than the one it took. */
	if (!calls_word(unlock->fn, "downgrade"))
		ask_twice(unlock);
	ask_round(unlock);
	return false;
}

void ask_unlock(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		struct unlock unlock = {
			.asked = asked, .fn = fn, .told = calloc(fn->nr_nodes + 1, sizeof(bool)),
		};

		for (size_t k = 0; unlock.told && !fn->macro && k < LAB_ARRAY_SIZE(families); k++)
			for (unlock.node = 1; unlock.node < fn->nr_nodes; unlock.node++)
				node_touches(asked->flow, fn, &fn->nodes[unlock.node],
					     family_of(asked->flow, families[k]), ROLE_GET, at_get,
					     &unlock);
		free(unlock.told);
	}
}
