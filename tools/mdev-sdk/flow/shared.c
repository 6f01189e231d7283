// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs beside callbacks of the SDK changes what they change, or lets go of a pointer that they
 * follow, or works a ring, without the instance's lock: workers, and stores of attributes.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "values.h"
#include "questions.h"

#define HELPERS 2	/* helpers of helpers */

struct worker {
	const struct asked *asked;
	const char *who;
	bool told;
	unsigned int depth;	/* helpers */
	unsigned int line;	/* of the call of a helper in the worker; 0: it is itself */
};

/* Callbacks of registers and regions run under the lock. */
bool runs_locked(const struct function *fn)
{
	for (unsigned int p = 0; p < fn->nr_params; p++)
		if (fn->param_types[p] && (!strcmp(fn->param_types[p], "mdk_reg") ||
					   !strcmp(fn->param_types[p], "mdk_region") ||
					   !strcmp(fn->param_types[p], "mdk_job")))
			return true;
	return false;
}

/* A member, and the struct that has it; NULL: that is not known. */
struct place {
	const char *member, *record;
};

static const char *record_with(struct flow *flow, const struct function *fn, const char *object)
{
	const char *member = object_member(flow, object);
	struct declared declared;

	if (!member || !declared_as(flow, fn, keep(flow, object, strlen(object) -
						   strlen(member) - 1), &declared))
		return NULL;
	return declared.what.type;
}

static struct place place_of(struct flow *flow, const struct function *fn, const char *object)
{
	return (struct place){ object_member(flow, object), record_with(flow, fn, object) };
}

static bool is_place(struct flow *flow, const struct function *fn, const char *object,
		     const struct place *place)
{
	const char *record;

	if (object_member(flow, object) != place->member)
		return false;
	record = record_with(flow, fn, object);
	return !record || !place->record || record == place->record;
}

static bool changes(struct flow *flow, const struct function *fn, const struct place *place,
		    unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (is_place(flow, fn, node->assigns[k].object, place))
				return true;
		for (unsigned int k = 0; depth && k < node->nr_calls; k++)
			if (node->calls[k].callee &&
			    changes(flow, node->calls[k].callee, place, depth - 1))
				return true;
	}
	return false;
}

static bool callback_changes(struct flow *flow, const struct place *place)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (runs_locked(flow->functions[i]) && changes(flow, flow->functions[i], place, 2))
			return true;
	return false;
}

/* "x.member" is read or written in it, or one or two helpers below. */
static bool mentions_member(struct flow *flow, const struct function *fn, const struct place *place,
			    unsigned int depth)
{
	for (unsigned int t = fn->body.first + 2; t < fn->body.end; t++)
		if (token_is(fn->file, t, place->member) &&
		    (token_is(fn->file, t - 1, "->") || token_is(fn->file, t - 1, ".")) &&
		    is_place(flow, fn, object_of(flow, fn->file, (struct span){ t - 2, t + 1 }),
			     place))
			return true;
	for (unsigned int i = 1; depth && i < fn->nr_nodes; i++)
		for (unsigned int c = 0; c < fn->nodes[i].nr_calls; c++)
			if (fn->nodes[i].calls[c].callee &&
			    mentions_member(flow, fn->nodes[i].calls[c].callee, place,
					    depth - 1))
				return true;
	return false;
}

static bool callback_follows(struct flow *flow, const struct place *place)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (runs_locked(flow->functions[i]) &&
		    mentions_member(flow, flow->functions[i], place, 2))
			return true;
	return false;
}

static bool is_pointer(struct flow *flow, const struct function *fn, const char *object)
{
	struct declared declared;

	return declared_as(flow, fn, object, &declared) && declared.what.pointer &&
	       !declared.what.array && !declared.element;
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

static bool locks_itself(struct flow *flow, const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (takes_lock(flow, fn, &fn->nodes[n]))
			return true;
	return false;
}

/* A helper is given the state, and changes a member of it, or replaces a pointer there. */
static const char *helper_changes(struct flow *flow, const struct function *fn,
				  const struct call *call, bool pointers)
{
	const struct function *callee = call->callee;

	if (!callee || locks_itself(flow, callee))
		return NULL;
	for (unsigned int n = 1; n < callee->nr_nodes; n++)
		for (unsigned int k = 0; k < callee->nodes[n].nr_assigns; k++) {
			const char *object = callee->nodes[n].assigns[k].object;
			const struct place place = place_of(flow, callee, object);
			int param = param_of(callee, object_root(flow, object));

			if (!place.member || param < 0 || param >= (int)call->count ||
			    !from_state(fn, call->objects[param]))
				continue;
			if (pointers ? is_pointer(flow, callee, object) &&
				       callback_follows(flow, &place) :
				       callback_changes(flow, &place))
				return place.member;
		}
	return NULL;
}

/* Through a local pointer too; the local itself is no place of the state. */
static const char *assigned_place(struct flow *flow, const struct function *fn,
				  const struct assign *assign)
{
	return strpbrk(assign->object, ".*[") ? real_object(flow, fn, assign->object) :
						assign->object;
}

/* The member of the state that a statement changes, itself or by a helper. */
static const char *changed_member(struct flow *flow, const struct function *fn,
				  const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const char *object = assigned_place(flow, fn, &node->assigns[k]);
		const struct place place = place_of(flow, fn, object);
		const char *member = place.member;

		if (member && from_state(fn, object_root(flow, object)) &&
		    callback_changes(flow, &place))
			return member;
	}
	for (unsigned int k = 0; k < node->nr_calls; k++) {
		const char *member = helper_changes(flow, fn, &node->calls[k], false);

		if (member)
			return member;
	}
	return NULL;
}

/* A pointer of the state gets another value, or what it points to is freed. */
static const char *replaced_pointer(struct flow *flow, const struct function *fn,
				    const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++) {
		const char *object = assigned_place(flow, fn, &node->assigns[k]);
		const struct place place = place_of(flow, fn, object);
		const char *member = place.member;

		if (member && is_pointer(flow, fn, object) &&
		    from_state(fn, object_root(flow, object)) && callback_follows(flow, &place))
			return member;
	}
	for (unsigned int k = 0; k < node->nr_calls; k++) {
		const struct call *call = &node->calls[k];
		const char *object = real_object(flow, fn, call->count ? call->objects[0] : "");
		const struct place place = place_of(flow, fn, object);

		/* swap() of it and something else, in whichever order. */
		for (unsigned int a = 0; !strcmp(call->name, "swap") && a < call->count; a++) {
			const struct place side = place_of(flow, fn, call->objects[a]);

			if (side.member && is_pointer(flow, fn, call->objects[a]) &&
			    from_state(fn, object_root(flow, call->objects[a])) &&
			    callback_follows(flow, &side))
				return side.member;
		}
		if (place.member && call_row(call, family_of(flow, "memory"), ROLE_PUT) &&
		    from_state(fn, object_root(flow, object)) &&
		    callback_follows(flow, &place))
			return place.member;
	}
	return NULL;
}

static const char *lost_pointer(struct flow *flow, const struct function *fn,
				const struct node *node)
{
	const char *member = replaced_pointer(flow, fn, node);

	for (unsigned int k = 0; !member && k < node->nr_calls; k++)
		member = helper_changes(flow, fn, &node->calls[k], true);
	return member;
}

static const char *ring_call(const struct node *node)
{
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (lab_has_prefix(node->calls[i].name, "mdk_ring_") &&
		    strcmp(node->calls[i].name, "mdk_ring_create"))
			return node->calls[i].name;
	return NULL;
}

static bool tell(struct worker *worker, const struct function *fn, const struct node *node)
{
	struct flow *flow = worker->asked->flow;
	unsigned int line = fn->file->tokens[node->span.first].line;
	const char *member = changed_member(flow, fn, node), *ring = ring_call(node);
	const char *pointer = member ? NULL : lost_pointer(flow, fn, node);

	if (member)
		report_line(worker->asked, fn->file, worker->line ? worker->line : line,
			    "%s changes '%s' without mdk_lock(), and so does a callback",
			    worker->who, member);
	else if (pointer)
		report_line(worker->asked, fn->file, worker->line ? worker->line : line,
			    "%s replaces '%s' without mdk_lock(), and a callback follows it",
			    worker->who, pointer);
	else if (ring)
		report_line(worker->asked, fn->file, worker->line ? worker->line : line,
			    "%s calls %s() without mdk_lock()", worker->who, ring);
	return member || pointer || ring;
}

static void walk_worker(struct worker *worker, struct function *fn);

/* A helper that is given the instance, and finds the state by itself. */
static void look_below(struct worker *worker, const struct function *fn, const struct node *node)
{
	for (unsigned int c = 0; !worker->told && c < node->nr_calls; c++) {
		const struct call *call = &node->calls[c];
		struct worker below = *worker;

		if (!call->callee || !call->callee->nr_params || !call->callee->param_types[0] ||
		    strcmp(call->callee->param_types[0], "mdk_dev") || worker->depth >= HELPERS ||
		    call->callee->file != fn->file)
			continue;
		below.depth++;
		below.line = worker->line ? worker->line : call_line(fn, call);
		walk_worker(&below, call->callee);
		worker->told = below.told;
	}
}

static int worker_visit(struct walk *walk, unsigned int at, int state)
{
	struct worker *worker = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (worker->told || node->kind == NODE_EXIT || takes_lock(walk->flow, walk->fn, node))
		return -1;
	worker->told = tell(worker, walk->fn, node);
	look_below(worker, walk->fn, node);
	return worker->told ? -1 : state;
}

static void walk_worker(struct worker *worker, struct function *fn)
{
	struct walk walk = {
		.flow = worker->asked->flow, .fn = fn, .visit = worker_visit, .data = worker,
	};

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
}

static void ask_worker(const struct asked *asked, struct function *fn, const char *who)
{
	struct worker worker = { .asked = asked, .who = who };

	walk_worker(&worker, fn);
}

static void ask_store(void *data, struct function *fn)
{
	if (fn->nr_params == 3 && fn->param_types[0] && !strcmp(fn->param_types[0], "mdk_dev"))
		ask_worker(data, fn, "a store of an attribute");
}

/* Of the ops; that of a ring has a job, and runs under the lock. */
static void ask_work(void *data, struct function *fn)
{
	if (fn->nr_params == 1 && fn->param_types[0] && !strcmp(fn->param_types[0], "mdk_dev"))
		ask_worker(data, fn, "a worker");
}

/* "state->table->x", where a callback puts another one into state->table. */
static void ask_show(void *data, struct function *fn)
{
	const struct asked *asked = data;
	struct flow *flow = asked->flow;

	if (fn->nr_params != 3 || !fn->param_types[0] || strcmp(fn->param_types[0], "mdk_dev"))
		return;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (takes_lock(flow, fn, &fn->nodes[n]))
			return;
	for (unsigned int t = fn->body.first + 2; t + 1 < fn->body.end; t++) {
		struct span span = { t - 2, t + 1 };
		const char *object = object_of(flow, fn->file, span);
		struct place place = place_of(flow, fn, object);

		if (!token_is(fn->file, t - 1, "->") || !token_is(fn->file, t + 1, "->") ||
		    !place.member || !from_state(fn, object_root(flow, object)) ||
		    !is_pointer(flow, fn, object) || !callback_changes(flow, &place))
			continue;
		report_line(asked, fn->file, fn->file->tokens[t].line, "a show of an attribute "
			    "follows '%s' without mdk_lock(), and a callback replaces it", place.member);
		return;
	}
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
					ask_worker(asked, worker, "a worker");
			}
	}
	each_op(asked->flow, "show", ask_show, (void *)asked);
	each_op(asked->flow, "store", ask_store, (void *)asked);
	each_op(asked->flow, "work", ask_work, (void *)asked);
}
