// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function that fails may leave a member of what it was given: its callers end the whole then, or
 * give that member back by themselves.
 */
#define _GNU_SOURCE
#include <string.h>

#include "balance.h"

static bool is_end(const char *name)
{
	static const char *const words[] = { "destroy", "free", "cleanup", "release", "fini" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(words); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

static bool is_object(void *data, const struct touch *touch)
{
	return touch->object == data;
}

/*
 * By a function that is in no file that was given, and nobody knows what it gives back. What only
 * frees the whole gives back no member.
 */
static bool ends_whole(struct flow *flow, const struct call *call, const char *whole)
{
	if (call->callee || !is_end(call->name) ||
	    call_row(call, family_of(flow, "memory"), ROLE_PUT))
		return false;
	for (unsigned int a = 0; a < call->count; a++)
		if (call->objects[a] == whole)
			return true;
	return false;
}

static bool caller_ends(struct flow *flow, const struct function *caller, int family,
			const char *whole, const char *member)
{
	const char *object = keep_fmt(flow, "%s%s", whole, member);

	for (unsigned int n = 1; n < caller->nr_nodes; n++) {
		const struct node *node = &caller->nodes[n];

		if (node_touches(flow, caller, node, family, ROLE_PUT, is_object, (void *)object))
			return true;
		for (unsigned int c = 0; c < node->nr_calls; c++)
			if (ends_whole(flow, &node->calls[c], whole))
				return true;
	}
	return false;
}

/* A member of what was given to the function: all its callers give it back, or end the whole. */
bool goes_with_whole(struct flow *flow, const struct function *of, const struct touch *touch)
{
	const char *root = object_root(flow, touch->object);
	int param = param_of(of, root);
	unsigned int calls = 0;

	if (param < 0 || root == touch->object)
		return false;
	for (size_t i = 0; i < flow->nr_functions; i++) {
		const struct function *fn = flow->functions[i];
		const struct call *call = call_of(fn, of);

		if (!call)
			continue;
		if (param >= (int)call->count ||
		    !caller_ends(flow, fn, touch->family, call->objects[param],
				 touch->object + strlen(root)))
			return false;
		calls++;
	}
	return calls;
}
