// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker of the SDK changes what callbacks change, or a ring, without the instance's lock; a
 * store of an attribute frees what they follow.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct worker {
	const struct asked *asked;
	const struct function *fn;
	bool told;
};

/* Callbacks of registers and regions run under the lock. */
static bool is_callback(const struct function *fn)
{
	for (unsigned int p = 0; p < fn->nr_params; p++)
		if (fn->param_types[p] && (!strcmp(fn->param_types[p], "mdk_reg") ||
					   !strcmp(fn->param_types[p], "mdk_region")))
			return true;
	return false;
}

static bool callback_changes(const struct flow *flow, const char *member)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (is_callback(flow->functions[i]) &&
		    changes_member(flow, flow->functions[i], member, 2))
			return true;
	return false;
}

/* Any lock counts: which one is right is not for us to say. */
static bool is_lock(void *data, const struct touch *touch)
{
	const char *name = ((struct flow *)data)->families.items[touch->family];
	static const char *const locks[] = { "mutex", "spin", "instance", "writer", "xarray" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(locks); i++)
		if (!strcmp(name, locks[i]))
			return true;
	return false;
}

static bool takes_lock(struct flow *flow, const struct function *fn, const struct node *node)
{
	if (node_touches(flow, fn, node, -1, ROLE_GET, is_lock, flow))
		return true;
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (strstr(node->calls[i].name, "guard") || strstr(node->calls[i].name, "lock"))
			return true;
	return false;
}

static bool from_state(const struct function *fn, const char *root)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++)
			if (fn->nodes[i].calls[c].result == root &&
			    !strcmp(fn->nodes[i].calls[c].name, "mdk_state"))
				return true;
	return false;
}

/* A helper is given the state, and changes the member of it. */
static const char *helper_changes(struct flow *flow, const struct function *fn,
				  const struct call *call)
{
	const struct function *callee = call->callee;

	for (unsigned int n = 1; callee && n < callee->nr_nodes; n++)
		for (unsigned int k = 0; k < callee->nodes[n].nr_assigns; k++) {
			const char *object = callee->nodes[n].assigns[k].object;
			const char *member = object_member(flow, object);
			int param = param_of(callee, object_root(flow, object));

			if (member && param >= 0 && param < (int)call->count &&
			    from_state(fn, call->objects[param]) &&
			    callback_changes(flow, member))
				return member;
		}
	return NULL;
}

/* The member of the state that a statement changes, itself or by a helper. */
static const char *changed_member(struct flow *flow, const struct function *fn,
				  const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const char *object = node->assigns[k].object;
		const char *member = object_member(flow, object);

		if (member && from_state(fn, object_root(flow, object)) &&
		    callback_changes(flow, member))
			return member;
	}
	for (unsigned int k = 0; k < node->nr_calls; k++) {
		const char *member = helper_changes(flow, fn, &node->calls[k]);

		if (member)
			return member;
	}
	return NULL;
}

static const char *ring_call(const struct node *node)
{
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (lab_has_prefix(node->calls[i].name, "mdk_ring_") &&
		    strcmp(node->calls[i].name, "mdk_ring_create"))
			return node->calls[i].name;
	return NULL;
}

static int worker_visit(struct walk *walk, unsigned int at, int state)
{
	struct worker *worker = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const char *member, *ring;

	if (worker->told || node->kind == NODE_EXIT || takes_lock(walk->flow, walk->fn, node))
		return -1;
	member = changed_member(walk->flow, walk->fn, node);
	ring = ring_call(node);
	if (!member && !ring)
		return state;
	worker->told = true;
	report_line(worker->asked, walk->fn->file,
		    walk->fn->file->tokens[node->span.first].line,
		    member ? "a worker changes '%s' without mdk_lock(), and so does a callback" :
		    "a worker calls %s() without mdk_lock()", member ? member : ring);
	return -1;
}

static void ask_worker(const struct asked *asked, struct function *fn)
{
	struct worker worker = { .asked = asked, .fn = fn };
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = worker_visit, .data = &worker,
	};

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
}

/* A store of an attribute runs beside callbacks: it frees a member that they follow. */
struct store {
	const struct asked *asked;
	struct function *fn;
	bool told;
};

static bool callback_names(const struct flow *flow, const struct file *file, const char *member)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (is_callback(flow->functions[i]) && is_near(flow->functions[i], file) &&
		    names_member(flow->functions[i], member))
			return true;
	return false;
}

/* The member whose value is freed here, also by way of a local that it was read into. */
static bool is_member_freed(void *data, const struct touch *touch)
{
	struct store *store = data;
	struct flow *flow = store->asked->flow;
	const char *member = object_member(flow, real_object(flow, store->fn, touch->object));

	if (!touch->always || !member || !callback_names(flow, store->fn->file, member))
		return false;
	store->told = true;
	report_line(store->asked, store->fn->file, call_line(store->fn, touch->call),
		    "'%s' is freed without mdk_lock(), and a callback may be in it", member);
	return true;
}

static int store_visit(struct walk *walk, unsigned int at, int state)
{
	struct store *store = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	/* Whoever takes the lock at all has emptied the place, or waits for who is inside. */
	if (store->told || node->kind == NODE_EXIT || takes_lock(walk->flow, walk->fn, node))
		return -1;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (lab_has_prefix(node->calls[c].name, "synchronize_"))
			return -1;
	node_touches(walk->flow, walk->fn, node, family_of(walk->flow, "memory"), ROLE_PUT,
		     is_member_freed, store);
	return state;
}

static void ask_store(void *data, struct function *fn)
{
	struct store store = { data, fn, false };
	struct walk walk = {
		.flow = store.asked->flow, .fn = fn, .visit = store_visit, .data = &store,
	};

	if (fn->nr_params && fn->param_types[0] && !strcmp(fn->param_types[0], "mdk_dev"))
		walk_from(&walk, fn->entry, 0);
	free(walk.seen);
}

void ask_shared(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
				const struct call *call = &fn->nodes[n].calls[c];
				struct function *worker = NULL;

				if (!strcmp(call->name, "mdk_work_create") && call->count > 1)
					worker = function_of(asked->flow, call->objects[1],
							     fn->file);
				if (worker)
					ask_worker(asked, worker);
			}
	}
	each_op(asked->flow, "store", ask_store, (void *)asked);
}
