// SPDX-License-Identifier: GPL-2.0-only
/* An init or a probe starts a timer or a work, and fails behind it: nobody ends what it started. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

/* What makes it run, and which argument it is. */
static const struct {
	const char *name;
	unsigned int arg;
} starters[] = {
	{ "mod_timer", 0 }, { "add_timer", 0 }, { "hrtimer_start", 0 }, { "schedule_work", 0 },
	{ "schedule_delayed_work", 0 }, { "queue_work", 1 }, { "queue_delayed_work", 1 },
	{ "mod_delayed_work", 1 }, { "tasklet_schedule", 0 }, { "timer_reduce", 0 },
};

struct started {
	const struct asked *asked;
	struct function *fn;
	unsigned int node;
	const char *object;
	bool *told;	/* by node */
};

/* Itself, what has it, or the queue that it is in. */
static bool is_end(void *data, const struct touch *touch)
{
	const struct started *started = data;
	struct flow *flow = started->asked->flow;

	return touch->family == family_of(flow, "queue") ||
	       real_object(flow, started->fn, touch->object) == started->object;
}

/* Somebody who may end it gets it, or what has it. */
static bool is_handed_on(const struct started *started, const struct call *call)
{
	struct flow *flow = started->asked->flow;

	if (call->nr_rows || call->callee || only_logs(call->name) ||
	    lab_has_prefix(call->name, "IS_ERR") || lab_has_prefix(call->name, "PTR_ERR"))
		return false;
	for (unsigned int k = 0; k < call->count; k++)
		if (object_within(started->object, real_object(flow, started->fn,
							       call->objects[k])))
			return true;
	return false;
}

static bool ends_it(struct started *started, const struct node *node)
{
	struct flow *flow = started->asked->flow;

	if (node_touches(flow, started->fn, node, -1, ROLE_STOP, is_end, started))
		return true;
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (is_handed_on(started, &node->calls[c]))
			return true;
	return false;
}

static int started_visit(struct walk *walk, unsigned int at, int state)
{
	struct started *started = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	if (node->kind == NODE_EXIT || at == started->node || ends_it(started, node))
		return -1;
	if (node->kind != NODE_RETURN)
		return state;
	if (returns_error(walk, node) > 0 && !started->told[at]) {
		report_line(started->asked, walk->fn->file,
			    walk->fn->file->tokens[node->span.first].line,
			    "this way out leaves '%s' running, which was started before",
			    started->object);
		started->told[at] = true;
	}
	return -1;
}

static void ask_start(struct started *started, const struct call *call)
{
	struct flow *flow = started->asked->flow;
	struct walk walk = {
		.flow = flow, .fn = started->fn, .visit = started_visit, .data = started,
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(starters); i++) {
		const char *object;

		if (strcmp(call->name, starters[i].name) || call->count <= starters[i].arg)
			continue;
		object = real_object(flow, started->fn, call->objects[starters[i].arg]);
		if (!object_member(flow, object))
			continue;
		started->object = object;
		walk_from(&walk, started->fn->nodes[started->node].next, 0);
		free(walk.seen);
		return;
	}
}

static void ask_function(const struct asked *asked, struct function *fn)
{
	struct started started = {
		.asked = asked, .fn = fn, .told = calloc(fn->nr_nodes + 1, sizeof(bool)),
	};

	for (unsigned int n = 1; started.told && n < fn->nr_nodes; n++) {
		started.node = n;
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			ask_start(&started, &fn->nodes[n].calls[c]);
	}
	free(started.told);
}

void ask_failed_init(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		/* What is told by an action the SDK, or the device, ends. */
		if (!fn->macro && fn->when == WHEN_BIRTH && !fn->nr_callers &&
		    !calls_word(fn, "_action"))
			ask_function(asked, fn);
	}
}
