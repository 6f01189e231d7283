// SPDX-License-Identifier: GPL-2.0-only
/* What runs under the lock of the instance calls a helper that takes it: it waits for itself. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct under {
	const struct asked *asked;
	struct function *fn;
	const char *dev;	/* the parameter */
	bool *told;		/* by node */
	unsigned int line;
	const char *helper;
};

/* A helper that is a callback too has its own finding. */
static bool takes_lock(void *data, const struct touch *touch)
{
	struct under *under = data;

	if (touch->direct || !touch->always || touch->object != under->dev ||
	    runs_locked(touch->helper))
		return false;
	under->line = call_line(under->fn, touch->call);
	under->helper = touch->helper->name;
	return true;
}

static bool lets_go(void *data, const struct touch *touch)
{
	return touch->object == ((struct under *)data)->dev;
}

static int under_visit(struct walk *walk, unsigned int at, int state)
{
	struct under *under = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	int lock = family_of(walk->flow, "instance");

	if (node->kind == NODE_EXIT ||
	    node_touches(walk->flow, walk->fn, node, lock, ROLE_PUT, lets_go, under))
		return -1;
	if (!node_touches(walk->flow, walk->fn, node, lock, ROLE_TAKE, takes_lock, under) &&
	    !node_touches(walk->flow, walk->fn, node, lock, ROLE_GET, takes_lock, under))
		return state;
	if (!under->told[at])
		report_line(under->asked, walk->fn->file, under->line,
			    "%s() takes the lock of the instance, which %s() runs under",
			    under->helper, walk->fn->name);
	under->told[at] = true;
	return -1;
}

static void ask_under(const struct asked *asked, struct function *fn, const char *dev)
{
	struct under under = {
		.asked = asked, .fn = fn, .dev = dev,
		.told = calloc(fn->nr_nodes + 1, sizeof(bool)),
	};
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = under_visit, .data = &under,
	};

	if (under.told)
		walk_from(&walk, fn->entry, 0);
	free(walk.seen);
	free(under.told);
}

static bool gets_device(const struct function *fn)
{
	return fn->nr_params && fn->param_types[0] && !strcmp(fn->param_types[0], "mdk_dev");
}

static void ask_op(void *data, struct function *fn)
{
	if (fn->nr_params == 1 && gets_device(fn))
		ask_under(data, fn, fn->params[0]);
}

void ask_relock(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];

		if (!fn->macro && runs_locked(fn) && gets_device(fn))
			ask_under(asked, fn, fn->params[0]);
	}
	each_op(asked->flow, "reset", ask_op, (void *)asked);
	each_op(asked->flow, "quiesce", ask_op, (void *)asked);
}
