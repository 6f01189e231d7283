// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fewer pages were pinned than were asked for, and as many as were asked for are given back; and
 * memory that an error frees before it puts the device, whose release frees it again.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct partly {
	const struct asked *asked;
	const struct call *pin;
	bool told;
};

static const struct call *unpins(const struct node *node, const char *count)
{
	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (!strcmp(node->calls[c].name, "vfio_unpin_pages") && node->calls[c].count > 2 &&
		    node->calls[c].objects[2] == count)
			return &node->calls[c];
	return NULL;
}

static int partly_visit(struct walk *walk, unsigned int at, int state)
{
	struct partly *partly = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const struct call *back = unpins(node, partly->pin->objects[2]);

	if (node->kind == NODE_EXIT || partly->told)
		return -1;
	if (back && state) {
		partly->told = true;
		report_line(partly->asked, walk->fn->file, call_line(walk->fn, back),
			    "as many pages are given back as were asked for, and '%s' says that fewer "
			    "are pinned", partly->pin->result);
	}
	return back ? -1 : state;
}

/* "ret != asked": fewer; where it is negative there are none. */
static int partly_branch(struct walk *walk, unsigned int at, bool taken, int state)
{
	const struct partly *partly = walk->data;
	const char *text = walk->fn->nodes[at].text, *result = partly->pin->result;
	size_t len = strlen(result);
	const char *rest;

	if (!text || strncmp(text, result, len))
		return state;
	rest = text + len;
	if (!strcmp(rest, "<0") || !strcmp(rest, "<=0"))
		return taken ? -1 : state;
	rest += *rest == '!' || *rest == '=' ? 2 : 1;
	if (strcmp(rest, partly->pin->objects[2]))
		return state;
	return (text[len] == '!' || text[len] == '<') == taken ? 1 : -1;
}

static void ask_pin(const struct asked *asked, struct function *fn, unsigned int n,
		    const struct call *call)
{
	struct partly partly = { asked, call, false };
	struct walk walk = {
		.flow = asked->flow, .fn = fn, .visit = partly_visit, .branch = partly_branch,
		.data = &partly,
	};

	if (strcmp(call->name, "vfio_pin_pages") || call->count < 3 || !call->result ||
	    is_constant(asked->flow, call->objects[2]))
		return;
	walk_from(&walk, fn->nodes[n].next, 0);
	free(walk.seen);
}

/* What the release of the device frees. */
struct released {
	const struct asked *asked;
	const struct function *fn;
	const char *name;
	const struct function *by;
	unsigned int node;
};

static bool is_released(void *data, const struct touch *touch)
{
	struct released *released = data;

	return typed_name(released->asked->flow, released->by, touch->object) == released->name;
}

static void at_release(void *data, struct function *fn)
{
	struct released *released = data;
	struct released here = *released;
	int memory = family_of(here.asked->flow, "memory");

	here.by = fn;
	if (fn->file != here.fn->file || fn->nr_params != 1)
		return;
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		if (node_touches(here.asked->flow, fn, &fn->nodes[n], memory, ROLE_PUT, is_released,
				 &here))
			released->by = fn;
}

static bool is_emptied(const struct node *node, const char *object)
{
	for (unsigned int k = 0; k < node->nr_assigns; k++)
		if (node->assigns[k].object == object)
			return true;
	return false;
}

static bool puts_device(const struct function *fn, unsigned int from, const char *object)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			if (!strcmp(fn->nodes[n].calls[c].name, "vfio_put_device") &&
			    leads_to(fn, from, n, is_emptied, object))
				return true;
	return false;
}

static bool at_free(void *data, const struct touch *touch)
{
	struct released released = *(const struct released *)data;
	struct flow *flow = released.asked->flow;

	if (!touch->always || touch->emptied || !object_member(flow, touch->object) ||
	    !puts_device(released.fn, released.node, touch->object))
		return false;
	released.name = typed_name(flow, released.fn, touch->object);
	if (!strchr(released.name, '.'))
		return false;
	each_op(flow, "release", at_release, &released);
	if (released.by)
		report_line(released.asked, released.fn->file, call_line(released.fn, touch->call),
			    "%s is freed here, and again by %s() when the device is put",
			    touch->object, released.by->name);
	return false;
}

void ask_count_back(const struct asked *asked)
{
	int memory = family_of(asked->flow, "memory");

	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		struct released released = { .asked = asked, .fn = fn };

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++) {
			released.node = n;
			node_touches(asked->flow, fn, &fn->nodes[n], memory, ROLE_PUT, at_free,
				     &released);
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				ask_pin(asked, fn, n, &fn->nodes[n].calls[c]);
		}
	}
}
