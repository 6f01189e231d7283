// SPDX-License-Identifier: GPL-2.0-only
/* A lock is held while something is waited for that takes the same lock. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 3	/* helpers of helpers */

struct wait {
	const struct asked *asked;
	struct function *fn;		/* where it is waited */
	const struct held_lock *lock;
	const char *place, *queue;
	const struct function *runs;	/* what takes it there */
	const struct node *now;
	bool *told;			/* by node */
};

struct taking {
	const struct wait *wait;
	const struct function *fn;
	bool taken;
};

static bool is_taken(void *data, const struct touch *touch)
{
	const struct taking *taking = data;

	return touch->fails != FAILS_ZERO &&
	       typed_name(taking->wait->asked->flow, taking->fn, touch->object) ==
	       taking->wait->place;
}

static void is_guarded(void *data, struct function *fn, const struct held_lock *lock)
{
	struct taking *taking = data;
	const struct wait *wait = taking->wait;

	taking->taken |= lock->scope.end && lock->family == wait->lock->family &&
			 typed_name(wait->asked->flow, fn, lock->object) == wait->place;
}

/* Does the function take the lock that is held, by itself or by helpers. */
static bool takes(const struct wait *wait, struct function *fn, unsigned int depth)
{
	struct taking taking = { wait, fn, false };
	struct flow *flow = wait->asked->flow;

	each_lock(flow, fn, is_guarded, &taking);
	for (unsigned int n = 1; n < fn->nr_nodes && !taking.taken; n++) {
		const struct node *node = &fn->nodes[n];

		taking.taken = node_touches(flow, fn, node, wait->lock->family, ROLE_GET,
					    is_taken, &taking);
		for (unsigned int c = 0; depth && c < node->nr_calls; c++)
			taking.taken |= node->calls[c].callee &&
					takes(wait, node->calls[c].callee, depth - 1);
	}
	return taking.taken;
}

static bool takes_run(void *data, struct function *runs)
{
	struct wait *wait = data;

	if (!takes(wait, runs, DEPTH))
		return false;
	wait->runs = runs;
	return true;
}

/* A work that this queue runs. */
static bool takes_queued(void *data, const struct function *fn, const struct call *call)
{
	struct wait *wait = data;
	struct flow *flow = wait->asked->flow;
	bool delayed = !strcmp(call->name, "queue_delayed_work") ||
		       !strcmp(call->name, "mod_delayed_work");

	if ((!delayed && strcmp(call->name, "queue_work")) || call->count < 2 ||
	    typed_name(flow, fn, call->objects[0]) != wait->queue)
		return false;
	return each_run(flow, wait->fn->file, delayed ? "delayed" : "work",
			member_of(flow, fn, call->objects[1]), takes_run, wait);
}

static void tell(struct wait *wait, const struct call *call)
{
	unsigned int nr = wait->now - wait->fn->nodes;

	if (!wait->told[nr])
		report_line(wait->asked, wait->fn->file, call_line(wait->fn, call),
			    "%s() waits here for %s(), which takes the lock %s that is held",
			    call->name, wait->runs->name, wait->lock->object);
	wait->told[nr] = true;
}

/* Of each thing that is stopped here: what it runs. */
static bool at_stop(void *data, const struct touch *touch)
{
	struct wait *wait = data;
	struct flow *flow = wait->asked->flow;
	const char *family = flow->families.items[touch->family];
	bool handler = !strcmp(family, "handler") && touch->direct;
	const char *name = member_of(flow, wait->fn, handler ? touch->call->objects[0] :
				     touch->object);
	bool found;

	if (!strcmp(family, "queue")) {
		wait->queue = typed_name(flow, wait->fn, touch->object);
		found = strchr(wait->queue, '.') &&
			each_call_near(flow, wait->fn->file, takes_queued, wait);
	} else {
		found = name && each_run(flow, wait->fn->file, family, name, takes_run, wait);
	}
	if (found)
		tell(wait, touch->call);
	return found;
}

/* What pins waits for an unmap, which waits for these two. */
static void takes_op(void *data, struct function *fn)
{
	struct wait *wait = data;
	bool sdk = fn->nr_params && fn->param_types[0] &&
		   (!strcmp(fn->param_types[0], "mdk_dev") ||
		    !strcmp(fn->param_types[0], "mdev_device"));

	if (sdk && !wait->runs && is_near(fn, wait->fn->file))
		takes_run(wait, fn);
}

static bool pins(const struct call *call, unsigned int depth)
{
	static const char *const names[] = {
		"mdk_pin", "mdk_dma_read", "mdk_dma_write", "mdk_pin_cache_pin",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (!strcmp(call->name, names[i]))
			return true;
	for (unsigned int n = 1; call->callee && depth && n < call->callee->nr_nodes; n++)
		for (unsigned int c = 0; c < call->callee->nodes[n].nr_calls; c++)
			if (pins(&call->callee->nodes[n].calls[c], depth - 1))
				return true;
	return false;
}

static void ask_pins(struct wait *wait, const struct node *node)
{
	static const char *const ops[] = { "quiesce", "reset" };

	for (unsigned int c = 0; c < node->nr_calls; c++) {
		if (!pins(&node->calls[c], 2))
			continue;
		wait->runs = NULL;
		for (size_t k = 0; k < LAB_ARRAY_SIZE(ops); k++)
			each_op(wait->asked->flow, ops[k], takes_op, wait);
		if (wait->runs)
			tell(wait, &node->calls[c]);
	}
}

static bool at_node(void *data, struct function *fn, const struct node *node)
{
	struct wait *wait = data;
	struct flow *flow = wait->asked->flow;

	wait->now = node;
	if (!node_touches(flow, fn, node, -1, ROLE_STOP, at_stop, wait))
		node_touches(flow, fn, node, family_of(flow, "handler"), ROLE_PUT, at_stop, wait);
	ask_pins(wait, node);
	return true;
}

static void at_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct wait *wait = data;

	wait->lock = lock;
	wait->place = typed_name(wait->asked->flow, fn, lock->object);
	walk_below(wait->asked->flow, fn, lock, at_node, wait);
}

void ask_lock_wait(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct wait wait = { .asked = asked, .fn = asked->flow->functions[i] };

		wait.told = calloc(wait.fn->nr_nodes + 1, sizeof(*wait.told));
		if (wait.told && !wait.fn->macro)
			each_lock(asked->flow, wait.fn, at_lock, &wait);
		free(wait.told);
	}
	ask_lock_order(asked);
}
