// SPDX-License-Identifier: GPL-2.0-only
/* What may sleep, below a spinlock or in a handler: itself, or in a helper. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 3	/* helpers of helpers */

struct sleep {
	unsigned int depth;
	const struct call *call;
};

static bool allocates_slowly(const struct file *file, const struct call *call)
{
	static const char *const flags[] = {
		"GFP_KERNEL", "GFP_KERNEL_ACCOUNT", "GFP_USER", "GFP_HIGHUSER", "GFP_NOFS",
	};

	for (unsigned int i = 0; i < call->count; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(flags); k++)
			if (token_is(file, call->args[i].first, flags[k]))
				return true;
	return false;
}

/* kzalloc_obj(x) without flags is GFP_KERNEL. */
static bool allocates_object(const struct file *file, const struct call *call)
{
	static const char *const ends[] = { "_obj", "_objs", "_flex" };
	bool named = false;

	for (size_t i = 0; strstr(call->name, "alloc_") && i < LAB_ARRAY_SIZE(ends); i++)
		named |= lab_has_suffix(call->name, ends[i]);
	for (unsigned int i = 0; named && i < call->count; i++)
		if (lab_has_prefix(file->tokens[call->args[i].first].at, "GFP_"))
			return false;
	return named;
}

static bool is_sdk(const char *name)
{
	return lab_has_prefix(name, "mdk_") || lab_has_prefix(name, "mdev_");
}

/* sdk_too: of the SDK's own calls, where they stand themselves, another rule speaks. */
static bool sleeps(struct flow *flow, const struct function *fn, const struct call *call,
		   unsigned int depth, bool sdk_too);

static bool is_spinning(const struct flow *flow, const struct call *call, int role)
{
	return call_row(call, family_of(flow, "spin"), role) ||
	       call_row(call, family_of(flow, "rwspin"), role);
}

/* Of a callee: until it lets go of a lock of its caller's, or asks an argument whether it may. */
static int callee_visit(struct walk *walk, unsigned int at, int state)
{
	struct sleep *sleep = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (sleep->call || node->kind == NODE_EXIT)
		return -1;
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];

		if (is_spinning(walk->flow, call, ROLE_PUT))
			return state ? 0 : -1;
		if (is_spinning(walk->flow, call, ROLE_GET))
			state = 1;
		if (sleeps(walk->flow, walk->fn, call, sleep->depth, true))
			sleep->call = call;
	}
	return state;
}

static int callee_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct node *node = &walk->fn->nodes[at];
	int param = node->text ? param_of(walk->fn, object_root(walk->flow, node->text)) : -1;

	(void)taken;
	return param >= 0 && !walk->fn->param_pointers[param] ? -1 : state;
}

static bool may_sleep(struct flow *flow, struct function *fn, unsigned int depth)
{
	struct sleep sleep = { .depth = depth };
	struct walk walk = {
		.flow = flow, .fn = fn, .visit = callee_visit, .branch = callee_branch,
		.data = &sleep,
	};

	walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	return sleep.call && !walk.gave_up;
}

static bool sleeps(struct flow *flow, const struct function *fn, const struct call *call,
		   unsigned int depth, bool sdk_too)
{
	if (call_row(call, family_of(flow, "sleeps"), ROLE_USE))
		return sdk_too || !is_sdk(call->name);
	if (allocates_slowly(fn->file, call) || allocates_object(fn->file, call))
		return true;
	return call->callee && depth && may_sleep(flow, call->callee, depth - 1);
}

struct atomic {
	const struct asked *asked;
	bool *told;	/* by node of the function */
	const char *object;
};

static void tell(const struct atomic *atomic, const struct function *fn, const struct node *node,
		 const struct call *call)
{
	const char *how = call->callee && !call->nr_rows ? "goes on to what may sleep" : "may sleep";

	if (atomic->told[node - fn->nodes])
		return;
	atomic->told[node - fn->nodes] = true;
	if (atomic->object)
		report_line(atomic->asked, fn->file, call_line(fn, call),
			    "%s() %s, below %s%s", call->name, how,
			    strchr(atomic->object, '(') ? "" : "the spinlock ", atomic->object);
	else
		report_line(atomic->asked, fn->file, call_line(fn, call),
			    "%s() %s, and %s() runs in an interrupt", call->name, how, fn->name);
}

static bool at_node(void *data, struct function *fn, const struct node *node)
{
	const struct atomic *atomic = data;

	for (unsigned int i = 0; i < node->nr_calls; i++)
		if (sleeps(atomic->asked->flow, fn, &node->calls[i], DEPTH, false))
			tell(atomic, fn, node, &node->calls[i]);
	return true;
}

static void at_lock(void *data, struct function *fn, const struct held_lock *lock)
{
	struct atomic *atomic = data;
	struct flow *flow = atomic->asked->flow;

	atomic->object = lock->object;
	if (lock->family == family_of(flow, "spin") || lock->family == family_of(flow, "rwspin"))
		walk_below(flow, fn, lock, at_node, atomic);
}

/* Between them nothing may sleep either. */
static const struct {
	const char *begin, *end;
} pairs[] = {
	{ "rcu_read_lock", "rcu_read_unlock" }, { "preempt_disable", "preempt_enable" },
	{ "local_irq_save", "local_irq_restore" }, { "local_irq_disable", "local_irq_enable" },
	{ "local_bh_disable", "local_bh_enable" }, { "kmap_atomic", "kunmap_atomic" },
};

static bool node_calls(const struct node *node, const char *name)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (!strcmp(node->calls[c].name, name))
			return true;
	return false;
}

static int pair_visit(struct walk *walk, unsigned int at, int state)
{
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT || node_calls(node, pairs[state].end))
		return -1;
	at_node(walk->data, walk->fn, node);
	return state;
}

/* state: the pair. */
static void ask_pairs(struct atomic *atomic, struct function *fn)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (size_t i = 0; i < LAB_ARRAY_SIZE(pairs); i++) {
			struct walk walk = {
				.flow = atomic->asked->flow, .fn = fn, .visit = pair_visit,
				.data = atomic,
			};

			if (fn->nodes[n].kind != NODE_EXPR ||
			    !node_calls(&fn->nodes[n], pairs[i].begin))
				continue;
			atomic->object = keep_fmt(walk.flow, "%s()", pairs[i].begin);
			walk_from(&walk, fn->nodes[n].next, i);
			free(walk.seen);
		}
}

/* Which argument is a function that must not sleep. */
static const struct {
	const char *name;
	unsigned int arg;
} handlers[] = {
	{ "request_irq", 1 }, { "request_threaded_irq", 1 }, { "devm_request_irq", 2 },
	{ "timer_setup", 1 }, { "hrtimer_setup", 1 }, { "tasklet_setup", 1 },
};

static int handler_visit(struct walk *walk, unsigned int at, int state)
{
	at_node(walk->data, walk->fn, &walk->fn->nodes[at]);
	return state;
}

static void ask_handler(const struct asked *asked, struct function *fn)
{
	struct atomic atomic = { asked, calloc(fn->nr_nodes + 1, sizeof(bool)), NULL };
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = handler_visit, .data = &atomic,
	};

	if (atomic.told)
		walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	free(atomic.told);
}

static void ask_handlers(const struct asked *asked, const struct function *fn,
			 const struct call *call)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(handlers); i++) {
		struct function *handler = NULL;

		if (!strcmp(call->name, handlers[i].name) && call->count > handlers[i].arg)
			handler = function_of(asked->flow, call->objects[handlers[i].arg],
					      fn->file);
		if (handler)
			ask_handler(asked, handler);
	}
}

void ask_atomic(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		struct atomic atomic = { asked, calloc(fn->nr_nodes + 1, sizeof(bool)), NULL };

		if (atomic.told && !fn->macro)
			each_lock(asked->flow, fn, at_lock, &atomic);
		if (atomic.told && !fn->macro)
			ask_pairs(&atomic, fn);
		free(atomic.told);
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				ask_handlers(asked, fn, &fn->nodes[n].calls[c]);
	}
}
