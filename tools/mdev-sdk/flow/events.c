// SPDX-License-Identifier: GPL-2.0-only
/* What a statement does: calls, assignments; and which tests of a function belong together. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

static const char *const signs[] = {
	"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=",
};

static bool is_assignment(const struct file *file, unsigned int at)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++)
		if (token_is(file, at, signs[i]))
			return true;
	return false;
}

static void read_args(struct flow *flow, const struct file *file, struct call *call)
{
	struct span inside = span_inside(file, call->at + 1);
	unsigned int at = inside.first;

	while (at < inside.end && call->count < MAX_ARGS) {
		unsigned int end = next_at(file, at, inside.end, ",");

		call->args[call->count] = (struct span){ at, end };
		call->objects[call->count] = object_of(flow, file, call->args[call->count]);
		call->count++;
		at = end + 1;
	}
}

static void add_call(struct flow *flow, struct function *fn, struct node *node, unsigned int at)
{
	struct call call = { .at = at, .name = token_text(flow, fn->file, at) };

	read_args(flow, fn->file, &call);
	node->calls = lab_grow(node->calls, node->nr_calls + 1, sizeof(call));
	node->calls[node->nr_calls++] = call;
}

/* Where the expression begins that ends before at: after a comma, an opening bracket, a sign. */
static unsigned int left_of(const struct file *file, unsigned int at, unsigned int first)
{
	while (at > first) {
		unsigned int before = at - 1;

		if (file->tokens[before].match && file->tokens[before].match < before) {
			at = file->tokens[before].match;
			continue;
		}
		if (token_is(file, before, ",") || token_is(file, before, "(") ||
		    token_is(file, before, "{") || token_is(file, before, "?") ||
		    token_is(file, before, "[") ||
		    token_is(file, before, ":") || is_assignment(file, before))
			break;
		at = before;
	}
	return at < first ? first : at;
}

static unsigned int right_of(const struct file *file, unsigned int at, unsigned int end)
{
	while (at < end && !token_is(file, at, ",") && !token_is(file, at, ")") &&
	       !token_is(file, at, "}"))
		at = file->tokens[at].match > at ? file->tokens[at].match + 1 : at + 1;
	return at < end ? at : end;
}

/* Of "struct x *y" what is declared; else the span as it is. */
static struct span declared(const struct file *file, struct span span)
{
	unsigned int last = span.end;
	bool type = is_keyword(file, span.first) && !token_is(file, span.first, "sizeof");

	for (unsigned int i = span.first; i < span.end; i++) {
		if (token_is(file, i, "[") || token_is(file, i, "__free") ||
		    token_is(file, i, "__aligned"))
			break;
		if (token_is(file, i, ".") || token_is(file, i, "->") || token_is(file, i, "("))
			return span;
		if (i > span.first && file->tokens[i].kind == TOKEN_NAME) {
			type |= file->tokens[i - 1].kind == TOKEN_NAME ||
				(token_is(file, i - 1, "*") && i > span.first + 1);
			last = i;
		}
	}
	return type && last < span.end ? (struct span){ last, last + 1 } : span;
}

static void add_assign(struct flow *flow, struct function *fn, struct node *node, unsigned int at)
{
	const struct file *file = fn->file;
	struct assign assign = {
		.at = at,
		.to = declared(file, (struct span){ left_of(file, at, node->span.first), at }),
		.from = { at + 1, right_of(file, at + 1, node->span.end) },
	};

	/* .member = value of a table. */
	if (assign.to.first == assign.to.end || token_is(file, assign.to.first, "."))
		return;
	assign.object = object_of(flow, file, assign.to);
	node->assigns = lab_grow(node->assigns, node->nr_assigns + 1, sizeof(assign));
	node->assigns[node->nr_assigns++] = assign;
}

/* Of "--x.y[i] >= 0" what is stepped ends before the sign. */
static unsigned int operand_end(const struct file *file, unsigned int at, unsigned int end)
{
	while (at < end) {
		bool open = token_is(file, at, "[") || token_is(file, at, "(");

		if (!open && file->tokens[at].kind != TOKEN_NAME && !token_is(file, at, ".") &&
		    !token_is(file, at, "->") && !token_is(file, at, "*"))
			break;
		at = file->tokens[at].match > at ? file->tokens[at].match + 1 : at + 1;
	}
	return at;
}

/* x++ and --x give x another value. */
static void add_step(struct flow *flow, struct function *fn, struct node *node, unsigned int at)
{
	const struct file *file = fn->file;
	struct assign assign = { .at = at };

	assign.to = (struct span){ left_of(file, at, node->span.first), at };
	if (assign.to.first == at)
		assign.to = (struct span){ at + 1, operand_end(file, at + 1, node->span.end) };
	assign.object = object_of(flow, file, assign.to);
	node->assigns = lab_grow(node->assigns, node->nr_assigns + 1, sizeof(assign));
	node->assigns[node->nr_assigns++] = assign;
}

/* The object that a call's result goes to: "x = f()", "x = (T)f()"; "=" is "return f()". */
static void find_results(struct flow *flow, struct function *fn, struct node *node)
{
	unsigned int returned = skip_cast(fn->file, node->span.first, node->span.end);

	for (unsigned int k = 0; node->kind == NODE_RETURN && k < node->nr_calls; k++)
		if (node->calls[k].at == returned &&
		    fn->file->tokens[returned + 1].match + 1 == node->span.end)
			node->calls[k].result = keep(flow, "=", 1);
	for (unsigned int i = 0; i < node->nr_assigns; i++) {
		const struct assign *assign = &node->assigns[i];
		unsigned int first = skip_cast(fn->file, assign->from.first, assign->from.end);

		for (unsigned int k = 0; k < node->nr_calls; k++)
			if (node->calls[k].at == first &&
			    fn->file->tokens[first + 1].match + 1 == assign->from.end)
				node->calls[k].result = assign->object;
	}
}

/* "struct x y;" and "struct x y = {}, *z": what is known of a variable. */
static void add_variables(struct flow *flow, struct function *fn, struct node *node)
{
	const struct file *file = fn->file;
	unsigned int at = node->span.first;
	struct variable variable = { .node = node - fn->nodes };

	while (token_is(file, at, "const") || token_is(file, at, "static"))
		at++;
	variable.is_struct = token_is(file, at, "struct") || token_is(file, at, "union");
	variable.is_unsigned = token_is(file, at, "unsigned");
	at += variable.is_struct;
	if (file->tokens[at].kind != TOKEN_NAME ||
	    (is_keyword(file, at) && !variable.is_struct && !variable.is_unsigned))
		return;
	while (!variable.is_struct && is_type(file, at) && is_type(file, at + 1))
		at++;
	variable.type = token_text(flow, file, at++);
	while (at < node->span.end) {
		struct variable one = variable;

		for (; token_is(file, at, "*"); at++)
			one.pointer = true;
		if (file->tokens[at].kind != TOKEN_NAME || at >= node->span.end)
			return;
		one.name = token_text(flow, file, at);
		one.line = file->tokens[at].line;
		for (at++; at < node->span.end && !token_is(file, at, ","); at++) {
			if (token_is(file, at, "[") && !one.array)
				one.length = span_inside(file, at);
			one.array |= token_is(file, at, "[");
			one.set |= token_is(file, at, "=");
			one.scoped |= token_is(file, at, "__free");
			if (!one.array && !one.set && !one.scoped &&
			    file->tokens[at].kind == TOKEN_NAME)
				return;
			if (file->tokens[at].match > at)
				at = file->tokens[at].match;
		}
		at++;
		fn->variables = lab_grow(fn->variables, fn->nr_variables + 1, sizeof(one));
		fn->variables[fn->nr_variables++] = one;
	}
}

void read_events(struct flow *flow, struct function *fn, struct node *node)
{
	const struct file *file = fn->file;

	for (unsigned int i = node->span.first; i < node->span.end; i++) {
		if (file->tokens[i].kind == TOKEN_NAME && token_is(file, i + 1, "(") &&
		    i + 1 < node->span.end && !is_keyword(file, i))
			add_call(flow, fn, node, i);
		else if (is_assignment(file, i))
			add_assign(flow, fn, node, i);
		else if (token_is(file, i, "++") || token_is(file, i, "--"))
			add_step(flow, fn, node, i);
	}
	find_results(flow, fn, node);
	if (node->kind == NODE_EXPR)
		add_variables(flow, fn, node);
	if (node->kind == NODE_TEST || node->kind == NODE_RETURN)
		node->text = object_of(flow, file, node->span);
}

/* The condition of a test, also of a variable alone that is set to constants and returned. */
static int condition_nr(struct function *fn, const char *text)
{
	for (unsigned int i = 0; i < fn->nr_conditions; i++)
		if (fn->conditions[i] == text)
			return i;
	if (fn->nr_conditions == MAX_ASSUMED)
		return -1;
	fn->conditions[fn->nr_conditions] = text;
	return fn->nr_conditions++;
}

/* What is asked: of "a != b" and "a == b" the same. */
static const char *asked_by(struct flow *flow, const struct node *node)
{
	const char *sign = strstr(node->text, "!=");

	return sign ? keep_fmt(flow, "%.*s=%s", (int)(sign - node->text), node->text, sign + 1) :
	       node->text;
}

static bool tested_twice(const struct function *fn, const struct node *node)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		if (&fn->nodes[i] != node && fn->nodes[i].asked == node->asked)
			return true;
	return false;
}

static bool is_simple(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
	       strlen(text);
}

static void number_conditions(struct flow *flow, struct function *fn)
{
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		if (fn->nodes[i].kind == NODE_TEST)
			fn->nodes[i].asked = asked_by(flow, &fn->nodes[i]);
	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		struct node *node = &fn->nodes[i];

		if (node->kind == NODE_TEST &&
		    (is_simple(node->text) || lab_has_suffix(node->text, "<0") ||
		     tested_twice(fn, node))) {
			node->assumed = condition_nr(fn, node->asked);
			node->inverted = strstr(node->text, "!=") != NULL;
		}
		if (node->kind == NODE_RETURN) {
			const char *text = span_text(flow, fn->file, node->span);

			if (*text && is_simple(text))
				node->assumed = condition_nr(fn, text);
		}
	}
}

/* Who writes to a part of a condition makes it unknown; so does a call that gets its address. */
static uint32_t forgotten_by(const struct function *fn, const struct node *node)
{
	uint32_t mask = 0;

	for (unsigned int c = 0; c < fn->nr_conditions; c++) {
		const char *text = fn->conditions[c];

		for (unsigned int i = 0; i < node->nr_assigns; i++) {
			const char *member = strrchr(node->assigns[i].object, '.');

			if (has_word(text, member ? member + 1 : node->assigns[i].object))
				mask |= 1U << c;
		}
		for (unsigned int i = 0; i < node->nr_calls; i++)
			for (unsigned int k = 0; k < node->calls[i].count; k++)
				if (token_is(fn->file, node->calls[i].args[k].first, "&") &&
				    has_word(text, node->calls[i].objects[k]))
					mask |= 1U << c;
	}
	return mask;
}

void read_conditions(struct flow *flow, struct function *fn)
{
	number_conditions(flow, fn);
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		fn->nodes[i].forgets = forgotten_by(fn, &fn->nodes[i]);
}

bool assign_steps(const struct file *file, const struct assign *assign)
{
	static const char *const steps[] = { "++", "--", "+=", "-=" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(steps); i++)
		if (token_is(file, assign->at, steps[i]))
			return true;
	return false;
}
