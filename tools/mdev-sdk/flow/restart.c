// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is ended, or freed, before the handler, timer or work that starts it again, or uses it, has
 * ended.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 2	/* helpers of helpers */

/* What has a function that runs by itself, until it is stopped. */
static const struct source {
	const char *family;
	int role;		/* by which it ends */
	const char *start;
	int object;		/* the argument of start, or what it returns */
	unsigned int callback;
} sources[] = {
	{ "handler", ROLE_PUT, "request_irq", 4, 1 },
	{ "handler", ROLE_PUT, "request_threaded_irq", 5, 1 },
	{ "handler", ROLE_PUT, "request_threaded_irq", 5, 2 },
	{ "timer", ROLE_STOP, "timer_setup", 0, 1 },
	{ "hrtimer", ROLE_STOP, "hrtimer_setup", 0, 1 },
	{ "work", ROLE_STOP, "INIT_WORK", 0, 1 },
	{ "delayed", ROLE_STOP, "INIT_DELAYED_WORK", 0, 1 },
	{ "tasklet", ROLE_STOP, "tasklet_setup", 0, 1 },
	{ "thread", ROLE_STOP, "kthread_run", ARG_RESULT, 0 },
	{ "thread", ROLE_STOP, "kthread_create", ARG_RESULT, 0 },
};

/* A member, by the struct that has it where that is known; NULL: it is none. */
const char *member_of(struct flow *flow, const struct function *fn, const char *object)
{
	const char *name = typed_name(flow, fn, object);

	return strchr(name, '.') ? name : object_member(flow, real_object(flow, fn, object));
}

static const char *last_word(struct flow *flow, const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? keep(flow, dot + 1, strlen(dot + 1)) : name;
}

/* By its number an interrupt is known, all else by itself. */
static const char *name_of_start(struct flow *flow, const struct function *fn,
				 const struct call *call, const struct source *source)
{
	if (source->object == ARG_RESULT)
		return call->result ? member_of(flow, fn, call->result) : NULL;
	return member_of(flow, fn, call->objects[strcmp(source->family, "handler") ?
						 source->object : 0]);
}

/* Which argument of a call is started by it. */
static const struct starter {
	const char *name;
	unsigned int arg;
} starters[] = {
	{ "queue_work", 0 }, { "queue_work", 1 }, { "queue_delayed_work", 0 },
	{ "queue_delayed_work", 1 }, { "mod_delayed_work", 0 }, { "mod_delayed_work", 1 },
	{ "schedule_work", 0 }, { "schedule_delayed_work", 0 }, { "mod_timer", 0 },
	{ "add_timer", 0 }, { "hrtimer_start", 0 }, { "tasklet_schedule", 0 },
	{ "queue_work_on", 1 }, { "queue_work_on", 2 },
};

struct early {
	const struct asked *asked;
	struct function *fn;
	unsigned int node;	/* where it is ended or freed */
	const char *name;
	bool freed;
	const struct call *call;
	bool told;
};

static bool starts_call(struct flow *flow, const struct function *fn, const struct call *call,
			const char *name)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(starters); i++)
		if (!strcmp(call->name, starters[i].name) && call->count > starters[i].arg &&
		    member_of(flow, fn, call->objects[starters[i].arg]) == name)
			return true;
	return false;
}

/* Does the function start, or name, what goes by that name. */
static bool needs(struct flow *flow, const struct function *fn, const char *name, bool freed,
		  unsigned int depth)
{
	if (freed && names_member(fn, last_word(flow, name)))
		return true;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (!freed && starts_call(flow, fn, call, name))
				return true;
			if (call->callee && depth &&
			    needs(flow, call->callee, name, freed, depth - 1))
				return true;
		}
	return false;
}

/* A member that is set here, and that the callback, or a helper of it, asks for: it knows. */
static bool is_told(const struct early *early, const struct function *runs, unsigned int depth)
{
	struct flow *flow = early->asked->flow;

	for (unsigned int n = 1; n < runs->nr_nodes; n++) {
		const struct node *node = &runs->nodes[n];

		for (unsigned int t = node->span.first + 1;
		     node->kind == NODE_TEST && t < node->span.end; t++)
			if ((token_is(runs->file, t - 1, "->") ||
			     token_is(runs->file, t - 1, ".")) &&
			    changes_member(flow, early->fn, token_text(flow, runs->file, t),
					   DEPTH + 1))
				return true;
		for (unsigned int c = 0; depth && c < node->nr_calls; c++) {
			const struct function *callee = node->calls[c].callee;

			if (callee && is_told(early, callee, depth - 1))
				return true;
		}
	}
	return false;
}

/* What ends later, and which function it runs that needs what is gone by then. */
struct finding {
	struct early *early;
	const struct source *source;
	const struct touch *touch;
	unsigned int node;
	const char *name;		/* of what runs the function */
	const char *needed;
	const struct function *runs;
	unsigned int handlers;
};

static bool is_request(const struct source *source)
{
	return !strcmp(source->family, "handler");
}

static bool count_handler(void *data, const struct function *fn, const struct call *call)
{
	struct finding *finding = data;

	(void)fn;
	finding->handlers += !strcmp(call->name, "request_irq") ||
			     !strcmp(call->name, "request_threaded_irq");
	return false;
}

/* By its number an interrupt is known, and where a helper frees it, if there is but one. */
static bool same_interrupt(struct finding *finding, const struct function *fn,
			   const struct call *call)
{
	const struct early *early = finding->early;
	struct flow *flow = early->asked->flow;
	const struct call *other = finding->touch->call;
	const char *one = member_of(flow, fn, call->objects[0]);
	const char *two = member_of(flow, early->fn, other->objects[0]);

	if (finding->touch->direct)
		return one && two ? one == two : call->objects[0] == other->objects[0];
	finding->handlers = 0;
	each_call_near(flow, fn->file, count_handler, finding);
	return finding->handlers == 1;
}

/* Is it the call that says which function the source runs, and does that need it. */
static bool runs_needed(void *data, const struct function *fn, const struct call *call)
{
	struct finding *finding = data;
	const struct source *source = finding->source;
	struct flow *flow = finding->early->asked->flow;
	const struct function *runs;

	if (strcmp(call->name, source->start) || call->count <= source->callback)
		return false;
	if (finding->touch && is_request(source) ? !same_interrupt(finding, fn, call) :
	    name_of_start(flow, fn, call, source) != finding->name)
		return false;
	runs = function_of(flow, call->objects[source->callback], fn->file);
	if (!runs || !needs(flow, runs, finding->needed, finding->touch && finding->early->freed,
			    DEPTH))
		return false;
	finding->runs = runs;
	return true;
}

/* It cannot be started again. */
static bool is_final(const struct early *early)
{
	return strstr(early->call->name, "shutdown") || lab_has_prefix(early->call->name, "disable_");
}

struct running {
	struct flow *flow;
	const struct source *source;
	const char *name;
	runs_fn *found;
	void *data;
};

static bool is_running(void *data, const struct function *fn, const struct call *call)
{
	const struct running *running = data;
	const struct source *source = running->source;
	struct function *runs;

	if (strcmp(call->name, source->start) || call->count <= source->callback ||
	    name_of_start(running->flow, fn, call, source) != running->name)
		return false;
	runs = function_of(running->flow, call->objects[source->callback], fn->file);
	return runs && running->found(running->data, runs);
}

bool each_run(struct flow *flow, const struct file *file, const char *family, const char *name,
	      runs_fn *found, void *data)
{
	struct running running = { flow, NULL, name, found, data };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(sources); i++) {
		running.source = &sources[i];
		if (!strcmp(sources[i].family, family) &&
		    each_call_near(flow, file, is_running, &running))
			return true;
	}
	return false;
}

struct again {
	struct early *early;
	bool again;
};

static bool is_same(void *data, const struct touch *touch)
{
	struct again *again = data;
	struct flow *flow = again->early->asked->flow;

	again->again |= member_of(flow, again->early->fn, touch->object) == again->early->name;
	return again->again;
}

static int again_visit(struct walk *walk, unsigned int at, int state)
{
	struct again *again = walk->data;

	node_touches(walk->flow, walk->fn, &walk->fn->nodes[at], -1, ROLE_STOP, is_same, again);
	return again->again ? -1 : state;
}

/* Later it is ended once more: that is how such a circle is left. */
static bool ends_again(struct early *early, unsigned int node)
{
	struct again again = { early, false };
	struct walk walk = {
		.flow = early->asked->flow, .fn = early->fn, .visit = again_visit, .data = &again,
	};

	walk_from(&walk, early->fn->nodes[node].next, 0);
	free(walk.seen);
	return again.again;
}

static bool at_source(void *data, const struct touch *touch)
{
	struct finding *finding = data;
	struct early *early = finding->early;
	struct flow *flow = early->asked->flow;

	finding->touch = touch;
	finding->name = member_of(flow, early->fn, touch->object);
	finding->needed = early->name;
	if (finding->name == early->name ||
	    !each_call_near(flow, early->fn->file, runs_needed, finding) ||
	    is_told(early, finding->runs, DEPTH) ||
	    (!early->freed && (is_final(early) || ends_again(early, finding->node))))
		return false;
	early->told = true;
	report_line(early->asked, early->fn->file, call_line(early->fn, early->call),
		    early->freed ? "'%s' is freed before the end of what runs %s(), which uses it" :
		    "'%s' ends before what runs %s(), which starts it again",
		    last_word(flow, early->name),
		    finding->runs->name);
	return true;
}

struct ending {
	struct flow *flow;
	const struct function *fn;
	const char *name;
};

static bool is_ended(void *data, const struct touch *touch)
{
	const struct ending *ending = data;

	return member_of(ending->flow, ending->fn, touch->object) == ending->name;
}

static bool ends_in(struct flow *flow, const struct function *fn, const char *name)
{
	struct ending ending = { flow, fn, name };

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (node_touches(flow, fn, &fn->nodes[n], -1, ROLE_STOP, is_ended, &ending))
			return true;
	return false;
}

/* Until the device is unregistered a user may start it; not where his close ends it. */
static bool at_unregister(void *data, const struct touch *touch)
{
	struct early *early = data;
	struct flow *flow = early->asked->flow;
	const struct function *starts = NULL;

	if (!strstr(touch->call->name, "unregister"))
		return false;
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];

		if (!is_near(fn, early->fn->file))
			continue;
		if (fn->when & WHEN_CLOSE && ends_in(flow, fn, early->name))
			return false;
		if (fn->when == WHEN_USED && needs(flow, fn, early->name, false, 0))
			starts = fn;
	}
	if (!starts)
		return false;
	early->told = true;
	report_line(early->asked, early->fn->file, call_line(early->fn, early->call),
		    "'%s' ends before the device is unregistered, and %s() starts it for a user",
		    last_word(flow, early->name), starts->name);
	return true;
}

/* From here on it is another one, or nothing. */
static bool is_over(const struct walk *walk, const struct node *node)
{
	const struct early *early = walk->data;

	for (unsigned int k = 0; early->freed && k < node->nr_assigns; k++)
		if (member_of(early->asked->flow, walk->fn, node->assigns[k].object) == early->name)
			return true;
	return node->kind == NODE_EXIT;
}

static int early_visit(struct walk *walk, unsigned int at, int state)
{
	struct early *early = walk->data;
	const struct node *node = &walk->fn->nodes[at];

	for (size_t i = 0; i < LAB_ARRAY_SIZE(sources) && !early->told && at != early->node; i++) {
		struct finding finding = { .early = early, .source = &sources[i], .node = at };

		node_touches(walk->flow, walk->fn, node,
			     family_of(walk->flow, sources[i].family), sources[i].role, at_source,
			     &finding);
	}
	if (!early->told && !early->freed && !is_final(early))
		node_touches(walk->flow, walk->fn, node, family_of(walk->flow, "registered"),
			     ROLE_STOP, at_unregister, early);
	return early->told || is_over(walk, node) ? -1 : state;
}

static bool calls_before(const struct function *fn, unsigned int node, const char *start)
{
	unsigned int line = fn->file->tokens[fn->nodes[node].span.first].line;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (lab_has_prefix(fn->nodes[n].calls[c].name, start) &&
			    call_line(fn, &fn->nodes[n].calls[c]) < line)
				return true;
	return false;
}

static bool at_end(void *data, const struct touch *touch)
{
	struct early early = *(const struct early *)data;
	struct flow *flow = early.asked->flow;
	struct walk walk = {
		.flow = flow, .fn = early.fn, .visit = early_visit, .data = &early,
	};

	early.name = member_of(flow, early.fn, touch->object);
	early.call = touch->call;
	if (!early.name || (early.freed && !touch->always) ||
	    calls_before(early.fn, early.node, "disable_irq") ||
	    calls_before(early.fn, early.node, "synchronize_irq"))
		return false;
	walk_from(&walk, early.fn->nodes[early.node].next, 0);
	free(walk.seen);
	return early.told;
}

void ask_restart(const struct asked *asked)
{
	static const struct {
		const char *family;
		int role;
	} ends[] = {
		{ "queue", ROLE_STOP }, { "work", ROLE_STOP }, { "delayed", ROLE_STOP },
		{ "timer", ROLE_STOP }, { "hrtimer", ROLE_STOP }, { "tasklet", ROLE_STOP },
		{ "memory", ROLE_PUT }, { "page", ROLE_PUT },
	};

	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(ends); k++) {
			struct early early = {
				.asked = asked, .fn = asked->flow->functions[i],
				.freed = ends[k].role == ROLE_PUT,
			};

			for (early.node = 1; early.node < early.fn->nr_nodes; early.node++)
				node_touches(asked->flow, early.fn,
					     &early.fn->nodes[early.node],
					     family_of(asked->flow, ends[k].family), ends[k].role,
					     at_end, &early);
		}
}
