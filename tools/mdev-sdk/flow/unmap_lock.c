// SPDX-License-Identifier: GPL-2.0-only
/* An unmap, which comes from any thread, changes without a lock what requests change below one. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 2	/* helpers of helpers */

/* Any word for a lock counts: which one is right is not for us to say. */
static bool says_lock(const struct function *fn, unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];

			if (strstr(call->name, "lock") || strstr(call->name, "guard") ||
			    strstr(call->name, "atomic") || strstr(call->name, "xchg") ||
			    strstr(call->name, "rcu"))
				return true;
			if (call->callee && depth && says_lock(call->callee, depth - 1))
				return true;
		}
	return false;
}

/* Of an assignment to what others have; NULL: to a variable. */
static const char *changed(struct flow *flow, const struct function *fn,
			   const struct assign *assign)
{
	const char *name = strpbrk(assign->object, ".*[") ?
			   typed_name(flow, fn, assign->object) : "";

	return strchr(name, '.') ? name : NULL;
}

static bool changes(struct flow *flow, const struct function *fn, const struct node *node,
		    const char *name, unsigned int depth)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (changed(flow, fn, &node->assigns[k]) == name)
			return true;
	for (unsigned int c = 0; depth && c < node->nr_calls; c++) {
		const struct function *callee = node->calls[c].callee;

		for (unsigned int n = 1; callee && n < callee->nr_nodes; n++)
			if (changes(flow, callee, &callee->nodes[n], name, depth - 1))
				return true;
	}
	return false;
}

/* A request that changes it while it has a lock. */
static const struct function *locked_changer(struct flow *flow, const struct function *but,
					     const char *name)
{
	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *fn = flow->functions[i];
		bool *locked, found = false;

		if (fn == but || fn->macro || !is_near(fn, but->file) ||
		    runs_only(fn, WHEN_BEGIN | WHEN_END))
			continue;
		locked = nodes_locked(flow, fn);
		for (unsigned int n = 1; locked && n < fn->nr_nodes && !found; n++)
			found = locked[n] && changes(flow, fn, &fn->nodes[n], name, DEPTH + 2);
		free(locked);
		if (found)
			return fn;
	}
	return NULL;
}

struct unmap {
	const struct asked *asked;
	struct function *op;
};

/* The first thing that it, or a helper, changes so. */
static bool ask_changes(const struct unmap *unmap, const struct function *fn, unsigned int line,
			unsigned int depth)
{
	struct flow *flow = unmap->asked->flow;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		for (unsigned int k = 0; k < node->nr_assigns; k++) {
			const char *name = changed(flow, fn, &node->assigns[k]);
			const struct function *other = name ?
				locked_changer(flow, unmap->op, name) : NULL;

			if (!other)
				continue;
			report_line(unmap->asked, unmap->op->file,
				    line ? line : fn->file->tokens[node->assigns[k].at].line,
				    "an unmap changes '%s' without a lock, and %s() below one",
				    name, other->name);
			return true;
		}
		for (unsigned int c = 0; depth && c < node->nr_calls; c++)
			if (node->calls[c].callee &&
			    ask_changes(unmap, node->calls[c].callee,
					line ? line : call_line(fn, &node->calls[c]), depth - 1))
				return true;
	}
	return false;
}

static void ask_op(void *data, struct function *fn)
{
	const struct unmap unmap = { data, fn };

	if (fn->nr_params && fn->param_types[0] && !strcmp(fn->param_types[0], "vfio_device") &&
	    !says_lock(fn, DEPTH + 1))
		ask_changes(&unmap, fn, 0, DEPTH);
}

void ask_unmap_lock(const struct asked *asked)
{
	each_op(asked->flow, "dma_unmap", ask_op, (void *)asked);
}
