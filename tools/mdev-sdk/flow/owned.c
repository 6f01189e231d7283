// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each thing that is started is stopped, by its own name and not by its kind; and operations in
 * which something has to end reach what ends it.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = {
	"work", "delayed", "timer", "hrtimer", "tasklet", "thread", "queue",
};

struct ending {
	const struct asked *asked;
	struct function *fn;
	const struct file *file;	/* where it is started */
	int family;
	const char *name;
	bool stopped, any, in_file;
	bool frees_itself;		/* by the function that it runs */
	const struct function *where;
	const struct function *early;	/* it stops it, and runs at no end */
	const char *queue;		/* that a work is queued to */
	bool queued, any_queue;
	const struct function *canceller;	/* it does not wait for what runs */
	const struct call *cancel;
};

static const char *name_of(struct flow *flow, const struct function *fn, const char *object)
{
	const char *real = real_object(flow, fn, object);
	const char *member = object_member(flow, real);

	return member ? member : object;
}

static bool is_stop(void *data, const struct touch *touch)
{
	struct ending *ending = data;

	ending->in_file |= ending->fn->file == ending->file;
	if (touch->family != ending->family)
		return false;
	if (is_near(ending->fn, ending->file)) {
		ending->any = true;
		/* A helper that gets it alone does not know of the others. */
		if (!ending->where || object_member(ending->asked->flow, touch->object))
			ending->where = ending->fn;
	}
	if (name_of(ending->asked->flow, ending->fn, touch->object) != ending->name)
		return false;
	if (runs_only(ending->fn, WHEN_BEGIN | WHEN_USED) && is_near(ending->fn, ending->file))
		ending->early = ending->fn;
	else
		ending->stopped = true;
	return ending->stopped;
}

static bool is_cancel(void *data, const struct touch *touch)
{
	struct ending *ending = data;

	if (!touch->direct ||
	    name_of(ending->asked->flow, ending->fn, touch->object) != ending->name)
		return false;
	ending->canceller = ending->fn;
	ending->cancel = touch->call;
	return true;
}

/* What starts it, or finds what it is in, does not stop it. */
static bool only_runs(const char *name)
{
	static const char *const words[] = {
		"queue_", "schedule_", "mod_timer", "hrtimer_", "wake_up", "container_of",
		"IS_ERR", "from_timer", "to_delayed_work",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

/* Somebody gets it who may stop it: a function of which nothing is known. */
static bool is_handed_on(const struct flow *flow, const struct node *node, const char *name)
{
	for (unsigned int i = 0; i < node->nr_calls; i++) {
		const struct call *call = &node->calls[i];

		if (call->nr_rows || call->callee || only_runs(call->name))
			continue;
		for (unsigned int k = 0; k < call->count; k++) {
			const char *member = object_member((struct flow *)flow, call->objects[k]);

			if (call->objects[k] == name || member == name)
				return true;
		}
	}
	return false;
}

/* Which argument of a call is the queue, -1: the system's, and which the work. */
static const struct queuing {
	const char *name;
	int queue, work;
} queuings[] = {
	{ "queue_work", 0, 1 }, { "queue_work_on", 1, 2 }, { "schedule_work", -1, 0 },
	{ "schedule_work_on", -1, 1 }, { "queue_delayed_work", 0, 1 },
	{ "queue_delayed_work_on", 1, 2 }, { "mod_delayed_work", 0, 1 },
	{ "schedule_delayed_work", -1, 0 },
};

static bool is_system(const char *queue)
{
	return !queue || lab_has_prefix(queue, "system_");
}

/* Is it this queue that the call drains or destroys; of a local one nobody knows. */
static bool ends_queue(void *data, const struct function *fn, const struct call *call)
{
	static const char *const words[] = {
		"destroy_workqueue", "drain_workqueue", "flush_workqueue",
	};
	const struct ending *ending = data;
	struct flow *flow = ending->asked->flow;

	if (!strcmp(call->name, "flush_scheduled_work"))
		return is_system(ending->queue);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (!strcmp(call->name, words[i]) && call->count)
			return ending->any_queue || !ending->queue ||
			       name_of(flow, fn, call->objects[0]) == ending->queue ||
			       !object_member(flow, real_object(flow, fn, call->objects[0]));
	return false;
}

/* A queue of its own that nobody drains; the system's, in a file that ends other things. */
static bool queue_stays(void *data, const struct function *fn, const struct call *call)
{
	struct ending *ending = data;
	struct flow *flow = ending->asked->flow;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(queuings); i++) {
		const struct queuing *row = &queuings[i];

		if (strcmp(call->name, row->name) || (int)call->count <= row->work ||
		    name_of(flow, fn, call->objects[row->work]) != ending->name)
			continue;
		ending->queue = row->queue < 0 ? keep(flow, "system_wq", 9) :
				name_of(flow, fn, call->objects[row->queue]);
		if (is_system(ending->queue))
			return ending->in_file && !ending->frees_itself;
		ending->queued = true;
		return !each_call_near(flow, ending->file, ends_queue, ending);
	}
	return false;
}

/* A queue that is drained or destroyed ends its works; one that nobody is seen to queue any. */
static bool queue_ends(struct ending *ending)
{
	const struct flow *flow = ending->asked->flow;

	if (each_call_near(flow, ending->file, queue_stays, ending))
		return false;
	ending->any_queue = !ending->queued;
	return ending->queued || each_call_near(flow, ending->file, ends_queue, ending);
}

static bool is_ended(struct ending *ending)
{
	const struct flow *flow = ending->asked->flow;

	for (size_t i = 0; i < flow->nr_functions && !ending->stopped; i++) {
		ending->fn = flow->functions[i];
		for (unsigned int n = 1; n < ending->fn->nr_nodes; n++) {
			const struct node *node = &ending->fn->nodes[n];

			node_touches(ending->asked->flow, ending->fn, node, -1, ROLE_STOP,
				     is_stop, ending);
			node_touches(ending->asked->flow, ending->fn, node,
				     family_of(ending->asked->flow, "cancel"), ROLE_USE, is_cancel,
				     ending);
			ending->stopped |= is_handed_on(flow, node, ending->name);
		}
	}
	return ending->stopped;
}

/* A work that gives back what it is in needs nobody who ends it. */
static bool frees_itself(const struct flow *flow, const struct function *fn,
			 const struct call *call)
{
	static const char *const owners[] = { "memory", "kref", "device", "refcount" };
	const struct function *runs = call->count > 1 ?
				      function_of(flow, call->objects[1], fn->file) : NULL;

	for (size_t i = 0; runs && i < LAB_ARRAY_SIZE(owners); i++)
		if (reaches(runs, family_of(flow, owners[i]), ROLE_PUT, 2))
			return true;
	return false;
}

struct starting {
	const struct asked *asked;
	struct function *fn;
	bool direct;	/* itself, then by a helper */
	const char **told;
	size_t nr_told;
};

static bool told_before(struct starting *starting, const char *name)
{
	for (size_t i = 0; i < starting->nr_told; i++)
		if (starting->told[i] == name)
			return true;
	starting->told = lab_grow(starting->told, starting->nr_told + 1, sizeof(name));
	starting->told[starting->nr_told++] = name;
	return false;
}

static bool is_work(const struct flow *flow, int family)
{
	return family == family_of(flow, "work") || family == family_of(flow, "delayed");
}

/* What is found lies with the start; a ring is left by who stops its sibling. */
static bool is_start(void *data, const struct touch *touch)
{
	struct starting *starting = data;
	struct flow *flow = starting->asked->flow;
	struct ending ending = {
		.asked = starting->asked, .family = touch->family, .file = starting->fn->file,
		.name = name_of(flow, starting->fn, touch->object),
		.frees_itself = !touch->direct ||
				frees_itself(flow, starting->fn, touch->call),
	};
	bool ring = touch->family == family_of(flow, "ring");

	if (touch->direct != starting->direct ||
	    !object_member(flow, real_object(flow, starting->fn, touch->object)) ||
	    is_ended(&ending) || (is_work(flow, touch->family) && queue_ends(&ending)) ||
	    told_before(starting, ending.name))
		return false;
	if (ring && ending.any)
		report_line(starting->asked, ending.where->file, ending.where->line,
			    "%s() stops a ring, and nothing stops '%s'", ending.where->name,
			    ending.name);
	else if (ending.cancel)
		report_line(starting->asked, ending.canceller->file,
			    call_line(ending.canceller, ending.cancel),
			    "%s() does not wait for '%s', and nothing else ends it",
			    ending.cancel->name, ending.name);
	else if (ending.early && !ring)
		report_line(starting->asked, starting->fn->file,
			    call_line(starting->fn, touch->call),
			    "only %s() ends '%s', and what runs on close or removal does not",
			    ending.early->name, ending.name);
	else if (!ring)
		report_line(starting->asked, starting->fn->file,
			    call_line(starting->fn, touch->call),
			    "nothing ends '%s', which %s() starts here", ending.name,
			    touch->call->name);
	return false;
}

static void ask_starts(const struct asked *asked, struct starting *starting, const char *family)
{
	struct flow *flow = asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		starting->fn = flow->functions[i];
		for (unsigned int n = 1; n < starting->fn->nr_nodes; n++)
			node_touches(flow, starting->fn, &starting->fn->nodes[n],
				     family_of(flow, family), ROLE_START, is_start, starting);
	}
}

/* An operation that must reach something. */

static const struct duty {
	const char *op, *param, *family;	/* param: the type of the first one */
	int role, ends;
	const char *what;
} duties[] = {
	{ "dma_unmap", "vfio_device", "pages", ROLE_GET, ROLE_PUT,
	  "unpins nothing, and this driver pins: an unmap stops the host" },
	{ "release", "mdev_device", "interrupts", ROLE_START, ROLE_STOP,
	  "leaves the user's eventfds in place: mdk_irqs_disable() is needed" },
	{ "close_device", "vfio_device", "eventfd", ROLE_GET, ROLE_PUT,
	  "leaves the user's eventfds in place: each is to be put" },
};

struct must {
	const struct asked *asked;
	int family, role;
	const struct duty *duty;
};

static bool anybody_near(const struct flow *flow, const struct file *file, int family,
			 int role)
{
	for (size_t i = 0; i < flow->nr_functions; i++)
		if (is_near(flow->functions[i], file) &&
		    reaches(flow->functions[i], family, role, 0))
			return true;
	return false;
}

static void check_op(void *data, struct function *fn)
{
	const struct must *must = data;

	if (!fn->nr_params || !fn->param_types[0] ||
	    strcmp(fn->param_types[0], must->duty->param) ||
	    !anybody_near(must->asked->flow, fn->file, must->family, must->duty->role))
		return;
	if (reaches(fn, must->family, must->role, 4) || !all_known(must->asked->flow, fn, 4))
		return;
	report_line(must->asked, fn->file, fn->line, "%s() %s", fn->name, must->duty->what);
}

void ask_owned(const struct asked *asked)
{
	struct starting starting = { .asked = asked };

	for (int pass = 0; pass < 2; pass++) {
		starting.direct = !pass;
		for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++)
			ask_starts(asked, &starting, families[i]);
		ask_starts(asked, &starting, "ring");
	}
	free(starting.told);
	ask_kept(asked);
	ask_failed_init(asked);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(duties); i++) {
		struct must must = {
			.asked = asked, .family = family_of(asked->flow, duties[i].family),
			.role = duties[i].ends, .duty = &duties[i],
		};

		each_op(asked->flow, duties[i].op, check_op, &must);
	}
}
