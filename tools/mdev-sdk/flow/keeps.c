// SPDX-License-Identifier: GPL-2.0-only
/* Who keeps what he is given: he stores it, returns it, or hands it on to somebody unknown. */
#define _GNU_SOURCE
#include <string.h>

#include "code.h"

/* An argument is the object itself, or the address of a part of it. */
static bool is_handed(const struct file *file, const struct call *call, unsigned int arg,
		      const char *object)
{
	return call->objects[arg] == object ||
	       (token_is(file, call->args[arg].first, "&") &&
		object_within(call->objects[arg], object));
}

static bool keeps(const struct function *fn, const char *name, unsigned int depth);

bool call_keeps(const struct file *file, const struct call *call, const char *object,
		unsigned int depth, int harmless)
{
	for (unsigned int i = 0; i < call->count; i++) {
		if (!is_handed(file, call, i, object) || call_row(call, harmless, ROLE_USE))
			continue;
		if (!call->callee || i >= call->callee->nr_params || !depth ||
		    keeps(call->callee, call->callee->params[i], depth - 1))
			return true;
	}
	return false;
}

bool is_stored(const struct function *fn, const struct assign *assign, const char *name)
{
	const struct file *file = fn->file;

	for (unsigned int i = assign->from.first; i < assign->from.end; i++) {
		bool word = file->tokens[i].kind == TOKEN_NAME &&
			    file->tokens[i].len == strlen(name) &&
			    !memcmp(file->tokens[i].at, name, file->tokens[i].len);
		bool address = i > assign->from.first && token_is(file, i - 1, "&");

		/* What a function makes of its arguments is its own matter. */
		if (file->tokens[i].kind == TOKEN_NAME && token_is(file, i + 1, "(") &&
		    file->tokens[i + 1].match) {
			i = file->tokens[i + 1].match;
			continue;
		}
		if (word && (address || !(token_is(file, i + 1, "->") ||
					  token_is(file, i + 1, ".") || token_is(file, i + 1, "["))))
			return true;
	}
	return false;
}

/* A helper that stores what it gets, or hands it on to somebody unknown. */
static bool keeps(const struct function *fn, const char *name, unsigned int depth)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];

		for (unsigned int k = 0; k < node->nr_assigns; k++)
			if (is_stored(fn, &node->assigns[k], name))
				return true;
		for (unsigned int k = 0; k < node->nr_calls; k++)
			if (!node->calls[k].nr_rows &&
			    call_keeps(fn->file, &node->calls[k], name, depth, -2))
				return true;
		if (node->kind == NODE_RETURN && has_word(node->text, name))
			return true;
	}
	return false;
}
