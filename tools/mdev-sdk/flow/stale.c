// SPDX-License-Identifier: GPL-2.0-only
/*
 * A member is judged where no lock is held, then a lock is taken, and the member is changed under
 * it without another look: two that come together are both let in.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 2		/* helpers that judge */
#define MAX_HELD 3

/* A state: what has happened to the member so far, and above that the number of locks. */
enum stale { JUDGED = 1, STALE = 2, HELD = 4 };

struct judging {
	const struct asked *asked;
	struct function *fn;
	const char *object;	/* "accel.nr_jobs" */
	const char *copies[4];	/* locals that have its value */
	unsigned int nr_copies;
	unsigned int judged;	/* the node */
	bool below;		/* it has a lock, which is let go in between */
	bool told;
};

static const char *const lock_families[] = {
	"mutex", "spin", "writer", "reader", "instance", "xarray",
};

static bool any_touch(void *data, const struct touch *touch)
{
	(void)data;
	return touch->always;
}

static bool locks(struct flow *flow, const struct function *fn, const struct node *node, int role)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lock_families); i++)
		if (node_touches(flow, fn, node, family_of(flow, lock_families[i]), role, any_touch,
				 NULL))
			return true;
	for (unsigned int i = 0; role == ROLE_GET && i < node->nr_calls; i++)
		if (!strcmp(node->calls[i].name, "guard") ||
		    !strcmp(node->calls[i].name, "scoped_guard"))
			return true;
	return false;
}

/* The helper reads the member of what it is given. */
static bool helper_judges(const struct judging *judging, const struct call *call,
			  const char *object, unsigned int depth)
{
	struct flow *flow = judging->asked->flow;

	unsigned int count = call->callee ? call->callee->nr_params : 0;

	for (unsigned int i = 0; i < count && i < call->count; i++) {
		const char *given = call->objects[i], *inside;

		if (!*given || !object_within(object, given) || object == given)
			continue;
		inside = keep_fmt(flow, "%s%s", call->callee->params[i], object + strlen(given));
		for (unsigned int n = 1; n < call->callee->nr_nodes; n++) {
			struct node *node = &call->callee->nodes[n];

			if (has_word(node_text(flow, call->callee, node), inside))
				return true;
			for (unsigned int c = 0; depth && c < node->nr_calls; c++)
				if (helper_judges(judging, &node->calls[c], inside, depth - 1))
					return true;
		}
	}
	return false;
}

static bool judges(const struct judging *judging, struct node *node)
{
	const char *text = node_text(judging->asked->flow, judging->fn, node);

	if (has_word(text, judging->object))
		return true;
	for (unsigned int i = 0; i < judging->nr_copies; i++)
		if (has_word(text, judging->copies[i]))
			return true;
	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (helper_judges(judging, &node->calls[i], judging->object, DEPTH - 1))
			return true;
	return false;
}

static bool changes(const struct judging *judging, const struct node *node)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == judging->object)
			return true;
	return false;
}

static int after_locks(struct judging *judging, const struct node *node, int state)
{
	struct flow *flow = judging->asked->flow;

	if (locks(flow, judging->fn, node, ROLE_GET) && state / HELD < MAX_HELD) {
		/* Only what was judged without any lock has become old. */
		if (state / HELD == 0 && state & JUDGED)
			state |= STALE;
		state += HELD;
	} else if (state / HELD && locks(flow, judging->fn, node, ROLE_PUT)) {
		state -= HELD;
	}
	return state;
}

static void tell(struct judging *judging, const struct node *node)
{
	const struct file *file = judging->fn->file;
	unsigned int at = judging->fn->nodes[judging->judged].span.first;

	judging->told = true;
	if (judging->below)
		report_line(judging->asked, file, file->tokens[node->span.first].line,
			    "'%s' was judged under a lock that was let go since, and is changed "
			    "here", judging->object);
	else
		report_line(judging->asked, file, file->tokens[at].line, "'%s' is judged here, and "
			    "changed under a lock that is taken only then", judging->object);
}

static int stale_visit(struct walk *walk, unsigned int at, int state)
{
	struct judging *judging = walk->data;
	struct node *node = &walk->fn->nodes[at];
	bool fresh = node->span.first < node->span.end;

	if (node->kind == NODE_EXIT || judging->told)
		return -1;
	if (!fresh)
		return state;
	state = after_locks(judging, node, state);
	if (node->kind == NODE_TEST && judges(judging, node)) {
		if (state & STALE)
			return -1;
		judging->judged = at;
		judging->below = state / HELD;
		return state | JUDGED;
	}
	if (changes(judging, node)) {
		if (state & STALE && state / HELD)
			tell(judging, node);
		return -1;
	}
	/* A helper under the lock may look again. */
	for (unsigned int i = 0; state & STALE && i < node->nr_calls; i++)
		if (helper_judges(judging, &node->calls[i], judging->object, DEPTH - 1))
			return -1;
	return state;
}

/* What only one thread does. */
static bool is_alone(const struct function *fn)
{
	static const char *const words[] = {
		"init", "probe", "remove", "release", "fini", "exit", "destroy", "free", "setup",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (strstr(fn->name, words[i]))
			return true;
	return false;
}

static bool has_lock(struct flow *flow, const struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (locks(flow, fn, &fn->nodes[n], ROLE_GET))
			return true;
	return false;
}

/* Callbacks of the SDK run under the instance's lock, and others have a caller who may hold one. */
static bool is_under_lock(struct flow *flow, const struct function *fn, unsigned int depth)
{
	for (unsigned int p = 0; p < fn->nr_params; p++)
		if (fn->param_types[p] && (!strcmp(fn->param_types[p], "mdk_reg") ||
					   !strcmp(fn->param_types[p], "mdk_region") ||
					   !strcmp(fn->param_types[p], "mdk_job")))
			return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (strstr(fn->nodes[n].calls[c].name, "assert_held"))
				return true;
	for (size_t i = 0; depth && i < flow->nr_functions; i++) {
		const struct function *caller = flow->functions[i];

		for (unsigned int n = 1; n < caller->nr_nodes; n++)
			for (unsigned int c = 0; c < caller->nodes[n].nr_calls; c++)
				if (caller->nodes[n].calls[c].callee == fn && caller != fn &&
				    (has_lock(flow, caller) ||
				     is_under_lock(flow, caller, depth - 1)))
					return true;
	}
	return false;
}

static void gather_copies(struct judging *judging)
{
	const struct function *fn = judging->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];
			const char *from = object_of(judging->asked->flow, fn->file, assign->from);

			if (judging->nr_copies < LAB_ARRAY_SIZE(judging->copies) &&
			    !strpbrk(assign->object, ".[*") && has_word(from, judging->object))
				judging->copies[judging->nr_copies++] = assign->object;
		}
}

static bool walk_judging(struct judging *judging)
{
	struct walk walk = {
		.flow = judging->asked->flow, .fn = judging->fn, .visit = stale_visit,
		.data = judging,
	};

	gather_copies(judging);
	walk_from(&walk, judging->fn->entry, 0);
	free(walk.seen);
	return judging->told;
}

/* "slot = x->used" before, and "x->used = slot + 1" now. */
static bool made_of_copy(struct flow *flow, const struct function *fn, const char *object,
			 const char *from)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];

			if (!strpbrk(assign->object, ".[*") && says_object(from, assign->object) &&
			    object_of(flow, fn->file, assign->from) == object)
				return true;
		}
	return false;
}

/* "n++", "head = (head + 1) % N", "busy = true": by these somebody is let in. */
static bool lets_in(struct flow *flow, const struct function *fn, const struct assign *assign)
{
	const char *from;

	if (!object_member(flow, assign->object) || strpbrk(assign->object, "[(*") ||
	    has_word(assign->object, "f_pos"))
		return false;
	if (assign_steps(fn->file, assign))
		return true;
	from = object_of(flow, fn->file, assign->from);
	if (made_of_copy(flow, fn, assign->object, from))
		return true;
	return has_word(from, assign->object) || !strcmp(from, "true") || !strcmp(from, "1");
}

static void ask_function(const struct asked *asked, struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			struct judging judging = {
				.asked = asked, .fn = fn, .object = fn->nodes[n].assigns[k].object,
			};

			if (lets_in(asked->flow, fn, &fn->nodes[n].assigns[k]) &&
			    !is_under_lock(asked->flow, fn, 2) && walk_judging(&judging))
				return;
		}
}

void ask_stale(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		if (!fn->macro && !is_alone(fn) && has_lock(asked->flow, fn))
			ask_function(asked, fn);
	}
}
