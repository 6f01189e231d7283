// SPDX-License-Identifier: GPL-2.0-only
/* Functions and macros that only call another one, with what they are given. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

/* Behind the call: nothing, or what makes another number of its result, and looks at no more. */
static bool ends_there(struct flow *flow, const struct function *fn, struct span rest, bool *plain)
{
	static const char signs[] = "? : ; - ! != == > < ) ";

	*plain = rest.first == rest.end;
	for (unsigned int i = rest.first; i < rest.end; i++) {
		const char *text = token_text(flow, fn->file, i);

		if (fn->file->tokens[i].kind == TOKEN_NAME ? param_of(fn, text) >= 0 :
		    fn->file->tokens[i].kind != TOKEN_NUMBER && !strstr(signs, text))
			return false;
	}
	return true;
}

/* Each parameter in its place, and no more than those. */
static bool passes_all(struct flow *flow, const struct function *fn, struct span args)
{
	unsigned int at = args.first, nr = 0;

	while (at < args.end && nr < fn->nr_params) {
		unsigned int comma = at;

		while (comma < args.end && !token_is(fn->file, comma, ","))
			comma = (fn->file->tokens[comma].match > comma ?
				 fn->file->tokens[comma].match : comma) + 1;
		if (object_of(flow, fn->file, (struct span){ at, comma }) != fn->params[nr])
			return false;
		nr++;
		at = comma + 1;
	}
	return nr && nr == fn->nr_params && at >= args.end;
}

/* "return (f(...) ? a : b)", "if (f(...)) return a; return b", "f(...)": where the call begins. */
static unsigned int call_at(const struct file *file, struct span body, unsigned int *end)
{
	unsigned int at = body.first;

	*end = body.end;
	while (*end > at && token_is(file, *end - 1, ";"))
		--*end;
	if (at < *end && (token_is(file, at, "return") || token_is(file, at, "if")))
		at++;
	while (at < *end && token_is(file, at, "(") && file->tokens[at].match > at &&
	       (file->tokens[at].match + 1 == *end || token_is(file, at - 1, "if"))) {
		if (file->tokens[at].match + 1 == *end)
			--*end;
		at++;
	}
	at = skip_cast(file, at, *end);
	while (at < *end && token_is(file, at, "!"))
		at++;
	return at;
}

static void look_at(struct flow *flow, struct function *fn, struct flow_forward *forward)
{
	const struct file *file = fn->file;
	unsigned int end, at = call_at(file, fn->body, &end), close;
	struct span rest;

	if (at + 1 >= end || file->tokens[at].kind != TOKEN_NAME || is_keyword(file, at) ||
	    !token_is(file, at + 1, "(") || file->tokens[at + 1].match >= end)
		return;
	close = file->tokens[at + 1].match;
	rest = (struct span){ close + 1, end };
	if (token_is(file, fn->body.first, "if") && token_is(file, close + 1, ")"))
		rest.first = close + 1;
	if (!close || !passes_all(flow, fn, span_inside(file, at + 1)) ||
	    !ends_there(flow, fn, rest, &forward->plain))
		return;
	forward->plain &= !token_is(file, at - 1, "!");
	forward->callee = token_text(flow, file, at);
}

void flow_forwards(struct flow *flow, flow_forward_fn *tell, void *data)
{
	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *fn = flow->functions[i];
		struct flow_forward forward = {
			.name = fn->name, .path = fn->file->path, .line = fn->line,
			.end = fn->file->tokens[fn->body.end].line,
		};

		look_at(flow, fn, &forward);
		tell(data, &forward);
	}
	for (size_t i = 0; i < flow->nr_constants; i++) {
		const struct constant *constant = &flow->constants[i];
		const struct file *file = constant->file;
		struct span body = constant->body;
		struct flow_forward forward = { .name = constant->name, .path = file->path };

		if (constant->counted || body.end != body.first + 1 ||
		    file->tokens[body.first].kind != TOKEN_NAME)
			continue;
		forward.callee = token_text(flow, file, body.first);
		forward.line = forward.end = file->tokens[body.first].line;
		forward.plain = true;
		tell(data, &forward);
	}
}
