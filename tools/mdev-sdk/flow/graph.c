// SPDX-License-Identifier: GPL-2.0-only
/* The flow of a function, from its tokens: tests, cases, ways out. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

#define MAX_DEPTH 200

struct label {
	unsigned int name;	/* a token */
	unsigned int node;
};

struct builder {
	struct flow *flow;
	struct function *fn;
	const struct file *file;
	unsigned int now;	/* the node that goes on; NO_NODE: nothing gets here */
	unsigned int brk, cont;	/* where break and continue lead */
	unsigned int exit;
	unsigned int choice;	/* the last case of the switch */
	bool has_default;
	struct label *labels, *gotos;
	unsigned int nr_labels, nr_gotos, depth;
};

static unsigned int new_node(struct builder *b, enum node_kind kind, struct span span)
{
	struct function *fn = b->fn;

	fn->nodes = lab_grow(fn->nodes, fn->nr_nodes + 1, sizeof(*fn->nodes));
	fn->nodes[fn->nr_nodes] = (struct node){ .kind = kind, .span = span, .assumed = -1 };
	return fn->nr_nodes++;
}

static unsigned int new_join(struct builder *b)
{
	return new_node(b, NODE_JOIN, (struct span){ 0, 0 });
}

static void go_to(struct builder *b, unsigned int node)
{
	if (b->now)
		b->fn->nodes[b->now].next = node;
	b->now = NO_NODE;
}

static void start_at(struct builder *b, unsigned int node)
{
	go_to(b, node);
	b->now = node;
}

static void add_expr(struct builder *b, struct span span)
{
	if (span.first < span.end)
		start_at(b, new_node(b, NODE_EXPR, span));
}

static unsigned int find_top(const struct file *file, struct span span, const char *sign)
{
	for (unsigned int i = span.first; i < span.end; i++) {
		if (token_is(file, i, sign))
			return i;
		if (file->tokens[i].match > i)
			i = file->tokens[i].match;
	}
	return span.end;
}

/* "(x)", "likely(x)" are x. */
static struct span strip(const struct file *file, struct span span)
{
	for (;;) {
		unsigned int open = span.first;

		if (token_is(file, open, "likely") || token_is(file, open, "unlikely"))
			open++;
		if (span.first >= span.end || !token_is(file, open, "(") ||
		    file->tokens[open].match + 1 != span.end)
			return span;
		span = span_inside(file, open);
	}
}

/* "x == NULL", "x == 0" is "!x", "x != NULL" is "x"; *not says which. */
static struct span without_zero(const struct file *file, struct span span, bool *not)
{
	static const char *const nothing[] = { "NULL", "0", "false" };

	for (size_t i = 0; span.end > span.first + 2 && i < LAB_ARRAY_SIZE(nothing); i++) {
		bool equal = token_is(file, span.end - 2, "==");

		if (!token_is(file, span.end - 1, nothing[i]) ||
		    !(equal || token_is(file, span.end - 2, "!=")))
			continue;
		for (unsigned int t = span.first; t < span.end - 2; t++)
			if (token_is(file, t, "&") || token_is(file, t, "|"))
				return span;
		*not = equal;
		return (struct span){ span.first, span.end - 2 };
	}
	return span;
}

/* Each operand of && and || is a test of its own. */
static void add_test(struct builder *b, struct span span, unsigned int yes, unsigned int no)
{
	static const char *const signs[] = { "||", "&&" };
	unsigned int at, node;

	span = strip(b->file, span);
	if (find_top(b->file, span, "?") < span.end)
		goto whole;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(signs); i++) {
		at = find_top(b->file, span, signs[i]);
		if (at == span.end)
			continue;
		unsigned int right = new_join(b);

		add_test(b, (struct span){ span.first, at }, i ? right : yes, i ? no : right);
		b->now = right;
		add_test(b, (struct span){ at + 1, span.end }, yes, no);
		return;
	}
	if (span.first < span.end && token_is(b->file, span.first, "!")) {
		struct span rest = { span.first + 1, span.end };

		/* "!a == b" is somebody else's mistake. */
		add_test(b, rest, no, yes);
		return;
	}
	bool not = false;
	struct span plain = without_zero(b->file, span, &not);

	if (plain.end < span.end) {
		add_test(b, plain, not ? no : yes, not ? yes : no);
		return;
	}
whole:
	node = new_node(b, NODE_TEST, span);
	go_to(b, node);
	b->fn->nodes[node].next = yes;
	b->fn->nodes[node].other = no;
}

static unsigned int add_statement(struct builder *b, unsigned int at, unsigned int end);

static void add_statements(struct builder *b, struct span span)
{
	unsigned int at = span.first;

	while (at < span.end)
		at = add_statement(b, at, span.end);
}

static unsigned int add_if(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int yes = new_join(b), no = new_join(b), after = new_join(b);

	add_test(b, span_inside(b->file, at + 1), yes, no);
	b->now = yes;
	at = add_statement(b, b->file->tokens[at + 1].match + 1, end);
	go_to(b, after);
	b->now = no;
	if (at < end && token_is(b->file, at, "else"))
		at = add_statement(b, at + 1, end);
	start_at(b, after);
	return at;
}

/* The body of a loop, with break and continue. */
static unsigned int add_body(struct builder *b, unsigned int at, unsigned int end, unsigned int brk,
			     unsigned int cont)
{
	unsigned int old_brk = b->brk, old_cont = b->cont;

	b->brk = brk;
	b->cont = cont;
	at = add_statement(b, at, end);
	b->brk = old_brk;
	b->cont = old_cont;
	return at;
}

static unsigned int add_while(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int head = new_join(b), body = new_join(b), after = new_join(b);

	start_at(b, head);
	add_test(b, span_inside(b->file, at + 1), body, after);
	b->now = body;
	at = add_body(b, b->file->tokens[at + 1].match + 1, end, after, head);
	go_to(b, head);
	b->now = after;
	return at;
}

static unsigned int add_for(struct builder *b, unsigned int at, unsigned int end)
{
	struct span inside = span_inside(b->file, at + 1), rest;
	unsigned int head = new_join(b), body = new_join(b), step = new_join(b);
	unsigned int after = new_join(b);
	unsigned int first = find_top(b->file, inside, ";"), second;

	rest = (struct span){ first < inside.end ? first + 1 : inside.end, inside.end };
	second = find_top(b->file, rest, ";");
	add_expr(b, (struct span){ inside.first, first });
	start_at(b, head);
	if (second > rest.first)
		add_test(b, (struct span){ rest.first, second }, body, after);
	else
		go_to(b, body);
	b->now = body;
	at = add_body(b, b->file->tokens[at + 1].match + 1, end, after, step);
	start_at(b, step);
	add_expr(b, (struct span){ second < inside.end ? second + 1 : inside.end, inside.end });
	go_to(b, head);
	b->now = after;
	return at;
}

static unsigned int add_do(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int head = new_join(b), cond = new_join(b), after = new_join(b);

	start_at(b, head);
	at = add_body(b, at + 1, end, after, cond);
	start_at(b, cond);
	if (at + 1 < end && token_is(b->file, at, "while") && token_is(b->file, at + 1, "(")) {
		add_test(b, span_inside(b->file, at + 1), head, after);
		at = b->file->tokens[at + 1].match + 2;
	}
	b->now = after;
	return at;
}

static unsigned int add_switch(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int after = new_join(b), old_choice = b->choice, old_brk = b->brk, head;
	bool old_default = b->has_default;

	add_expr(b, span_inside(b->file, at + 1));
	head = new_join(b);
	start_at(b, head);
	b->choice = head;
	b->has_default = false;
	b->now = NO_NODE;
	b->brk = after;
	at = add_statement(b, b->file->tokens[at + 1].match + 1, end);
	go_to(b, after);
	if (!b->has_default) {
		unsigned int last = b->choice;

		if (b->fn->nodes[last].kind == NODE_CASE)
			b->fn->nodes[last].other = after;
		else
			b->fn->nodes[last].next = after;
	}
	b->choice = old_choice;
	b->has_default = old_default;
	b->brk = old_brk;
	b->now = after;
	return at;
}

/* A chain of tests. The default stands where it is written: later cases follow past it. */
static unsigned int add_case(struct builder *b, unsigned int at, unsigned int end)
{
	struct span rest = { at, end };
	unsigned int colon = find_top(b->file, rest, ":"), here, node;
	struct node *last;

	here = new_join(b);
	start_at(b, here);
	if (!b->choice)
		return colon + 1;
	node = new_node(b, NODE_CASE, (struct span){ at + 1, colon });
	b->fn->nodes[node].next = here;
	last = &b->fn->nodes[b->choice];
	if (last->kind == NODE_CASE)
		last->other = node;
	else
		last->next = node;
	b->has_default |= token_is(b->file, at, "default");
	b->choice = node;
	return colon + 1;
}

static void add_jump(struct builder *b, unsigned int name)
{
	unsigned int node = new_node(b, NODE_JUMP, (struct span){ name, name });

	start_at(b, node);
	b->gotos = lab_grow(b->gotos, b->nr_gotos + 1, sizeof(*b->gotos));
	b->gotos[b->nr_gotos++] = (struct label){ name, node };
	b->now = NO_NODE;
}

static void add_label(struct builder *b, unsigned int name)
{
	unsigned int node = new_join(b);

	start_at(b, node);
	b->labels = lab_grow(b->labels, b->nr_labels + 1, sizeof(*b->labels));
	b->labels[b->nr_labels++] = (struct label){ name, node };
}

/* "return x ? y : z" is two ways out, and so is "return x ?: z". */
static void add_return(struct builder *b, struct span span)
{
	unsigned int question, colon, yes, no;

	span = strip(b->file, span);
	question = find_top(b->file, span, "?");
	colon = find_top(b->file, (struct span){ question, span.end }, ":");
	if (question > span.first && colon > question && colon < span.end) {
		yes = new_join(b);
		no = new_join(b);
		add_test(b, (struct span){ span.first, question }, yes, no);
		b->now = yes;
		add_return(b, colon > question + 1 ? (struct span){ question + 1, colon } :
			   (struct span){ span.first, question });
		b->now = no;
		add_return(b, (struct span){ colon + 1, span.end });
		return;
	}
	start_at(b, new_node(b, NODE_RETURN, span));
	go_to(b, b->exit);
}

/* A macro with a body behind it: a loop, or a lock for a block. */
static unsigned int add_macro_block(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int close = b->file->tokens[at + 1].match, head, body, after;

	if (token_is(b->file, at, "scoped_guard") || token_is(b->file, at, "scoped_cond_guard")) {
		add_expr(b, (struct span){ at, close + 1 });
		return add_statement(b, close + 1, end);
	}
	head = new_join(b);
	body = new_join(b);
	after = new_join(b);
	start_at(b, head);
	unsigned int node = new_node(b, NODE_TEST, (struct span){ at, close + 1 });

	go_to(b, node);
	b->fn->nodes[node].next = body;
	b->fn->nodes[node].other = after;
	b->now = body;
	at = add_body(b, close + 1, end, after, head);
	go_to(b, head);
	b->now = after;
	return at;
}

static bool is_macro_block(const struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int close = b->file->tokens[at + 1].match;

	if (b->file->tokens[at].kind != TOKEN_NAME || !token_is(b->file, at + 1, "(") || !close ||
	    close + 1 >= end)
		return false;
	if (token_is(b->file, close + 1, "{"))
		return true;
	return b->file->tokens[close + 1].kind == TOKEN_NAME &&
	       (strstr(token_text(b->flow, b->file, at), "for_each") ||
		token_is(b->file, at, "scoped_guard"));
}

static unsigned int add_simple(struct builder *b, unsigned int at, unsigned int end)
{
	struct span rest = { at, end };
	unsigned int semicolon = find_top(b->file, rest, ";");

	rest.end = semicolon;
	if (token_is(b->file, at, "return")) {
		add_return(b, (struct span){ at + 1, semicolon });
	} else if (token_is(b->file, at, "goto")) {
		add_jump(b, at + 1);
	} else if (token_is(b->file, at, "break")) {
		go_to(b, b->brk ? b->brk : b->exit);
	} else if (token_is(b->file, at, "continue")) {
		go_to(b, b->cont ? b->cont : b->exit);
	} else {
		add_expr(b, rest);
	}
	return semicolon + 1;
}

static const struct statement {
	const char *word;
	unsigned int (*add)(struct builder *b, unsigned int at, unsigned int end);
	bool bracket;	/* a bracket must follow */
} statements[] = {
	{ "if", add_if, true }, { "while", add_while, true }, { "for", add_for, true },
	{ "switch", add_switch, true }, { "do", add_do, false }, { "case", add_case, false },
	{ "default", add_case, false },
};

static unsigned int add_known(struct builder *b, unsigned int at, unsigned int end)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(statements); i++) {
		const struct statement *statement = &statements[i];

		if (!token_is(b->file, at, statement->word))
			continue;
		if (statement->bracket && !(token_is(b->file, at + 1, "(") &&
					    b->file->tokens[at + 1].match))
			break;
		return statement->add(b, at, end);
	}
	return at;
}

static unsigned int add_statement(struct builder *b, unsigned int at, unsigned int end)
{
	unsigned int next;

	if (at >= end || ++b->depth > MAX_DEPTH)
		return end;
	if (token_is(b->file, at, "{") && b->file->tokens[at].match) {
		add_statements(b, span_inside(b->file, at));
		next = b->file->tokens[at].match + 1;
	} else if ((next = add_known(b, at, end)) > at) {
		;
	} else if (b->file->tokens[at].kind == TOKEN_NAME && token_is(b->file, at + 1, ":")) {
		add_label(b, at);
		next = at + 2;
	} else if (is_macro_block(b, at, end)) {
		next = add_macro_block(b, at, end);
	} else {
		next = add_simple(b, at, end);
	}
	b->depth--;
	return next;
}

static void join_gotos(struct builder *b)
{
	for (unsigned int i = 0; i < b->nr_gotos; i++) {
		const struct token *to = &b->file->tokens[b->gotos[i].name];
		struct node *from = &b->fn->nodes[b->gotos[i].node];

		from->next = b->exit;
		for (unsigned int k = 0; k < b->nr_labels; k++) {
			const struct token *label = &b->file->tokens[b->labels[k].name];

			if (label->len == to->len && !memcmp(label->at, to->at, to->len))
				from->next = b->labels[k].node;
		}
	}
}

void build_graph(struct flow *flow, struct function *fn)
{
	struct builder b = { .flow = flow, .fn = fn, .file = fn->file };

	new_join(&b);
	b.exit = new_node(&b, NODE_EXIT, (struct span){ fn->body.end, fn->body.end });
	fn->entry = new_join(&b);
	b.now = fn->entry;
	add_statements(&b, fn->body);
	go_to(&b, b.exit);
	join_gotos(&b);
	free(b.labels);
	free(b.gotos);
	for (unsigned int i = 1; i < fn->nr_nodes; i++)
		read_events(flow, fn, &fn->nodes[i]);
	read_conditions(flow, fn);
}
