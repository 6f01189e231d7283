// SPDX-License-Identifier: GPL-2.0-only
/* What runs beside requests: interrupt handlers, timers, works, threads. */
#define _GNU_SOURCE
#include <string.h>

#include "code.h"

static const struct {
	const char *name;
	unsigned int arg;	/* the function */
	enum level level;
} starters[] = {
	{ "request_irq", 1, LEVEL_HARD }, { "devm_request_irq", 2, LEVEL_HARD },
	{ "request_threaded_irq", 1, LEVEL_HARD }, { "hrtimer_setup", 1, LEVEL_HARD },
	{ "timer_setup", 1, LEVEL_SOFT }, { "tasklet_setup", 1, LEVEL_SOFT },
	{ "tasklet_init", 1, LEVEL_SOFT },
	{ "request_threaded_irq", 2, LEVEL_THREAD }, { "INIT_WORK", 1, LEVEL_THREAD },
	{ "INIT_DELAYED_WORK", 1, LEVEL_THREAD }, { "kthread_run", 0, LEVEL_THREAD },
	{ "mdk_work_create", 1, LEVEL_THREAD },
};

struct looking {
	root_fn *found;
	void *data;
};

static void at_call(const struct flow *flow, const struct function *fn, const struct call *call,
		    const struct looking *looking)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(starters); i++) {
		struct function *run = NULL;

		if (!strcmp(call->name, starters[i].name) && call->count > starters[i].arg)
			run = function_of(flow, call->objects[starters[i].arg], fn->file);
		if (run)
			looking->found(looking->data, run, starters[i].level);
	}
}

/* "x.function = f" of an older hrtimer. */
static void at_op(void *data, struct function *fn)
{
	const struct looking *looking = data;

	if (fn->nr_params == 1 && fn->param_types[0] && !strcmp(fn->param_types[0], "hrtimer"))
		looking->found(looking->data, fn, LEVEL_HARD);
}

void each_root(const struct flow *flow, root_fn *found, void *data)
{
	struct looking looking = { found, data };

	for (size_t i = 0; i < flow->nr_functions; i++)
		for (unsigned int n = 1; n < flow->functions[i]->nr_nodes; n++)
			for (unsigned int c = 0; c < flow->functions[i]->nodes[n].nr_calls; c++)
				at_call(flow, flow->functions[i],
					&flow->functions[i]->nodes[n].calls[c], &looking);
	each_op(flow, "function", at_op, &looking);
}

void add_root(const struct function ***roots, unsigned int *count, const struct function *fn)
{
	*roots = lab_grow(*roots, *count + 1, sizeof(**roots));
	(*roots)[(*count)++] = fn;
}

bool is_root(const struct function *const *roots, unsigned int count, const struct function *fn)
{
	for (unsigned int i = 0; i < count; i++)
		if (roots[i] == fn)
			return true;
	return false;
}
