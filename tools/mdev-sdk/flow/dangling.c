// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request gives back stays in its place until the end gives it back once more; and what its
 * scope gives back is given back by hand.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const char *const families[] = { "memory", "page", "pinned", "eventfd", "file", "vfio" };

struct dangling {
	const struct asked *asked;
	struct function *fn;
	unsigned int put;
	int family;
	const char *object, *name;	/* name: by its type */
	bool stays;
};

/* The device, as operations find it. */
static bool is_device(const struct function *fn, const char *root)
{
	static const char *const names[] = { "container_of", "mdk_state", "vfio_device_data" };

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
			for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
				if (fn->nodes[n].calls[c].result == root &&
				    !strcmp(fn->nodes[n].calls[c].name, names[i]))
					return true;
	return false;
}

static bool is_plain(const struct file *file, const struct assign *assign)
{
	const struct token *token = &file->tokens[assign->from.first];

	return assign->from.first + 1 == assign->from.end &&
	       (token->kind == TOKEN_NUMBER || (*token->at >= 'A' && *token->at <= 'Z') ||
		token_is(file, assign->from.first, "false") ||
		token_is(file, assign->from.first, "true"));
}

/* The place gets another value, or something of the device one that may say that it is empty. */
static bool says_so(struct flow *flow, const struct function *fn, const char *root,
		    const char *place)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (node->assigns[k].object == place ||
			    (is_plain(fn->file, &node->assigns[k]) &&
			     object_root(flow, node->assigns[k].object) == root &&
			     object_member(flow, node->assigns[k].object)))
				return true;
		for (unsigned int c = 0; c < node->nr_calls; c++)
			for (unsigned int k = 0; k < node->calls[c].count; k++)
				if (call_replaces(&node->calls[c], node->calls[c].objects[k]))
					return true;
	}
	return false;
}

static int stay_visit(struct walk *walk, unsigned int at, int state)
{
	struct dangling *dangling = walk->data;
	const struct node *node = &walk->fn->nodes[at];
	const char *member = object_member(walk->flow, dangling->object);

	for (unsigned int c = 0; c < node->nr_calls; c++)
		if (node->calls[c].callee && changes_member(walk->flow, node->calls[c].callee,
							    member, 2))
			return -1;
	dangling->stays |= node->kind == NODE_EXIT;
	return state;
}

static bool is_named(void *data, const struct touch *touch)
{
	struct dangling *dangling = data;

	return typed_name(dangling->asked->flow, dangling->fn, touch->object) == dangling->name;
}

/* What runs at the end gives it back, whatever was before. */
static const struct function *ends_it(const struct dangling *dangling)
{
	struct flow *flow = dangling->asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct dangling other = *dangling;

		other.fn = flow->functions[i];
		if (!(other.fn->when & WHEN_END) || !is_near(other.fn, dangling->fn->file))
			continue;
		for (unsigned int n = 1; n < other.fn->nr_nodes; n++)
			if (node_touches(flow, other.fn, &other.fn->nodes[n], dangling->family,
					 ROLE_PUT, is_named, &other))
				return other.fn;
	}
	return NULL;
}

static bool at_put(void *data, const struct touch *touch)
{
	struct dangling dangling = *(const struct dangling *)data;
	struct flow *flow = dangling.asked->flow;
	struct function *fn = dangling.fn;
	struct walk walk = { .flow = flow, .fn = fn, .visit = stay_visit, .data = &dangling };
	const struct function *end;
	const char *root;

	dangling.object = real_object(flow, fn, touch->object);
	dangling.name = typed_name(flow, fn, dangling.object);
	root = object_root(flow, dangling.object);
	if (!runs_only(fn, WHEN_USED) || touch->emptied || !touch->always ||
	    !object_member(flow, dangling.object) || !is_device(fn, root) ||
	    says_so(flow, fn, root, dangling.object))
		return false;
	end = ends_it(&dangling);
	if (!end)
		return false;
	walk_from(&walk, fn->nodes[dangling.put].next, 0);
	free(walk.seen);
	if (dangling.stays)
		report_line(dangling.asked, fn->file, call_line(fn, touch->call),
			    "%s is given back here and stays in its place, and %s() gives it back "
			    "again", dangling.object, end->name);
	return false;
}

/* "x __free(kfree)" and kfree(x). */
static bool at_scoped(void *data, const struct touch *touch)
{
	struct dangling *dangling = data;
	const struct variable *variable = variable_of(dangling->fn, touch->object);

	if (!variable || !variable->scoped || !touch->always)
		return false;
	for (unsigned int n = 1; n < dangling->fn->nr_nodes; n++)
		for (unsigned int k = 0; k < dangling->fn->nodes[n].nr_assigns; k++)
			if (n != variable->node &&
			    dangling->fn->nodes[n].assigns[k].object == variable->name)
				return false;
	report_line(dangling->asked, dangling->fn->file, call_line(dangling->fn, touch->call),
		    "%s is given back here, and once more at the end of its scope", touch->object);
	return false;
}

void ask_dangling(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(families); k++) {
			struct dangling dangling = {
				.asked = asked, .fn = asked->flow->functions[i],
				.family = family_of(asked->flow, families[k]),
			};
			struct function *fn = dangling.fn;

			for (dangling.put = 1; !fn->macro && dangling.put < fn->nr_nodes;
			     dangling.put++) {
				node_touches(asked->flow, fn, &fn->nodes[dangling.put],
					     dangling.family, ROLE_PUT, at_put, &dangling);
				node_touches(asked->flow, fn, &fn->nodes[dangling.put],
					     dangling.family, ROLE_PUT, at_scoped, &dangling);
			}
		}
}
