// SPDX-License-Identifier: GPL-2.0-only
/* A local pointer goes by what it points to, and elements of an array go by the array. */
#define _GNU_SOURCE
#include <string.h>

#include "code.h"

#define MAX_STEPS 4	/* a pointer to what a pointer points to */

static bool is_place(const char *object)
{
	return *object && !strpbrk(object, "(){}?:+-*/%&|^<>=!\"' ");
}

/* What a local pointer is set to, if that is one thing all along; steps of a loop do not count. */
static const char *only_value(struct flow *flow, const struct function *fn, const char *name)
{
	const char *value = NULL;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];
			const char *from;

			if (assign->object != name || !assign->from.end)
				continue;
			from = object_of(flow, fn->file, assign->from);
			if (is_constant(flow, from) && assign->from.first + 1 == assign->from.end)
				continue;
			if (value && value != from)
				return NULL;
			value = from;
		}
	return value && is_place(value) && strpbrk(value, ".[") ? value : NULL;
}

const char *real_object(struct flow *flow, const struct function *fn, const char *object)
{
	for (unsigned int i = 0; i < MAX_STEPS; i++) {
		const char *root = object_root(flow, object), *at, *value;
		const struct variable *variable = variable_of(fn, root);

		value = variable && variable->pointer ? only_value(flow, fn, root) : NULL;
		at = value ? strstr(object, root) : NULL;
		if (!at || at > object + 1)
			break;
		/* *p is what p points to. */
		object = keep_fmt(flow, "%s%s", value, at + strlen(root));
	}
	return object;
}

/* "*a.b[i].c" is "a.b.c". */
const char *plain_name(struct flow *flow, const char *object)
{
	struct lab_buf buf = { 0 };
	unsigned int depth = 0;
	const char *kept;

	for (object += strspn(object, "*&"); *object; object++) {
		depth += *object == '[';
		if (!depth)
			lab_buf_add(&buf, object, 1);
		depth -= *object == ']' && depth;
	}
	kept = keep(flow, buf.data ? buf.data : "", buf.len);
	lab_buf_free(&buf);
	return kept;
}

const char *place_of_object(struct flow *flow, const struct function *fn, const char *object)
{
	const char *plain = plain_name(flow, real_object(flow, fn, object));
	const char *dot = strchr(plain, '.');

	return dot ? keep(flow, dot + 1, strlen(dot + 1)) : NULL;
}
