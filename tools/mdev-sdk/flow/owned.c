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
	bool stopped, any;
	const struct function *where;
	const struct function *canceller;	/* it does not wait for what runs */
	const struct call *cancel;
};

/* A driver is the files of one folder. */
static bool is_near(const struct function *fn, const struct file *file)
{
	const char *slash = strrchr(file->path, '/'), *path = fn->file->path;
	size_t len = slash ? slash - file->path + 1 : 0;

	return !strncmp(path, file->path, len) && !strchr(path + len, '/');
}

static const char *name_of(struct flow *flow, const char *object)
{
	const char *member = object_member(flow, object);

	return member ? member : object;
}

static bool is_stop(void *data, const struct touch *touch)
{
	struct ending *ending = data;

	if (is_near(ending->fn, ending->file)) {
		ending->any = true;
		ending->where = ending->fn;
	}
	if (name_of(ending->asked->flow, touch->object) == ending->name)
		ending->stopped = true;
	return ending->stopped;
}

static bool is_cancel(void *data, const struct touch *touch)
{
	struct ending *ending = data;

	if (!touch->direct || name_of(ending->asked->flow, touch->object) != ending->name)
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

static bool calls_name(const struct function *fn, const char *name)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (!strcmp(fn->nodes[n].calls[c].name, name))
				return true;
	return false;
}

/* A queue that is drained or destroyed ends its works, whichever they are. */
static bool queue_ends(const struct flow *flow, const struct file *file)
{
	static const char *const words[] = {
		"destroy_workqueue", "drain_workqueue", "flush_workqueue", "flush_scheduled_work",
	};

	for (size_t i = 0; i < flow->nr_functions; i++)
		for (size_t w = 0; w < LAB_ARRAY_SIZE(words); w++)
			if (is_near(flow->functions[i], file) &&
			    calls_name(flow->functions[i], words[w]))
				return true;
	return false;
}

static bool is_ended(struct ending *ending)
{
	const struct flow *flow = ending->asked->flow;

	for (size_t i = 0; i < flow->nr_functions && !ending->stopped; i++) {
		ending->fn = flow->functions[i];
		for (unsigned int n = 1; n < ending->fn->nr_nodes; n++) {
			const struct node *node = &ending->fn->nodes[n];

			node_touches(ending->asked->flow, ending->fn, node, ending->family,
				     ROLE_STOP, is_stop, ending);
			node_touches(ending->asked->flow, ending->fn, node,
				     family_of(ending->asked->flow, "cancel"), ROLE_USE, is_cancel,
				     ending);
			ending->stopped |= is_handed_on(flow, node, ending->name);
		}
	}
	return ending->stopped;
}

struct starting {
	const struct asked *asked;
	struct function *fn;
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
		.name = name_of(flow, touch->object),
	};
	bool ring = touch->family == family_of(flow, "ring");

	if (!touch->direct || !object_member(flow, touch->object) ||
	    (is_work(flow, touch->family) && queue_ends(flow, starting->fn->file)) ||
	    is_ended(&ending) ||
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

	for (size_t i = 0; i < LAB_ARRAY_SIZE(families); i++)
		ask_starts(asked, &starting, families[i]);
	ask_starts(asked, &starting, "ring");
	free(starting.told);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(duties); i++) {
		struct must must = {
			.asked = asked, .family = family_of(asked->flow, duties[i].family),
			.role = duties[i].ends, .duty = &duties[i],
		};

		each_op(asked->flow, duties[i].op, check_op, &must);
	}
}
