// SPDX-License-Identifier: GPL-2.0-only
/* What has a VFIO device in it is read after vfio_put_device(), which may have freed all of it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct last {
	const struct asked *asked;
	struct function *fn;
	unsigned int node;
	const char *owner;
	bool told;
};

/* "owner.x" or the owner itself, whatever is done with it; its own address says nothing. */
static bool is_read(struct walk *walk, struct node *node)
{
	const struct last *last = walk->data;

	return node->span.first < node->span.end &&
	       has_word(node_text(walk->flow, walk->fn, node), last->owner);
}

static bool only_looks(const struct node *node)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (only_logs(node->calls[c].name))
			return true;
	return false;
}

/* Its release tells that it is done, and so does not free it. */
static bool waits_for(const struct last *last, const struct node *node)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (lab_has_prefix(node->calls[c].name, "wait_for_completion") &&
		    node->calls[c].count &&
		    object_root(last->asked->flow, node->calls[c].objects[0]) == last->owner)
			return true;
	return false;
}

static int last_visit(struct walk *walk, unsigned int at, int state)
{
	struct last *last = walk->data;
	struct node *node = &walk->fn->nodes[at];

	if (last->told || node->kind == NODE_EXIT || at == last->node || waits_for(last, node))
		return -1;
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == last->owner)
			return -1;
	if (!is_read(walk, node) || only_looks(node))
		return state;
	report_line(last->asked, walk->fn->file, walk->fn->file->tokens[node->span.first].line,
		    "%s may be freed with the device that was put before, and is used here",
		    last->owner);
	last->told = true;
	return -1;
}

static bool at_put(void *data, const struct touch *touch)
{
	struct last last = *(const struct last *)data;
	struct flow *flow = last.asked->flow;
	struct walk walk = {
		.flow = flow, .fn = last.fn, .visit = last_visit, .data = &last,
	};

	if (!touch->always || !object_member(flow, touch->object))
		return false;
	last.owner = object_root(flow, touch->object);
	if (!variable_of(last.fn, last.owner) && param_of(last.fn, last.owner) < 0)
		return false;
	walk_from(&walk, last.fn->nodes[last.node].next, 0);
	free(walk.seen);
	return false;
}

/* Another reference keeps it. */
static bool has_other(const struct flow *flow, const struct function *fn)
{
	return reaches(fn, family_of(flow, "device"), ROLE_GET, 1) ||
	       reaches(fn, family_of(flow, "kref"), ROLE_GET, 1) ||
	       reaches(fn, family_of(flow, "registration"), ROLE_GET, 1);
}

void ask_last_put(const struct asked *asked)
{
	int vfio = family_of(asked->flow, "vfio");


	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		struct last last = { .asked = asked, .fn = fn };

		if (fn->macro || !runs_only(fn, WHEN_BIRTH | WHEN_DEATH) ||
		    has_other(asked->flow, fn))
			continue;
		for (last.node = 1; last.node < fn->nr_nodes; last.node++)
			node_touches(asked->flow, fn, &fn->nodes[last.node], vfio, ROLE_PUT, at_put,
				     &last);
	}
}
