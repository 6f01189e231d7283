// SPDX-License-Identifier: GPL-2.0-only
/*
 * A number of a guest or a user is a subscript, or says how far to shift, and can be more than the
 * array has. Only where the most that it can be and the size of the array are both known.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define ANY (1LL << 40)		/* more than any array has */
#define MAX_DEPTH 3

struct number {
	const struct asked *asked;
	const struct function *fn;
	struct bound bound;
	unsigned int depth;
};

static void follow(const struct number *number);

/* "switch (x)": what its cases are for is known. */
static bool is_switch(const struct function *fn, const struct node *node, const char *name)
{
	const struct node *next = &fn->nodes[node->next];

	return node->kind == NODE_EXPR && next->kind == NODE_JOIN &&
	       fn->nodes[next->next].kind == NODE_CASE &&
	       fn->file->tokens[node->span.first].len == strlen(name) &&
	       node->span.first + 1 == node->span.end && token_is(fn->file, node->span.first, name);
}

static bool is_cut(const struct call *call, const char *name)
{
	static const char *const words[] = { "min", "clamp", "nospec", "check", "valid" };
	bool cuts = false;

	for (size_t w = 0; w < LAB_ARRAY_SIZE(words); w++)
		cuts |= strstr(call->name, words[w]) != NULL;
	for (unsigned int k = 0; cuts && k < call->count; k++)
		if (has_word(call->objects[k], name))
			return true;
	return false;
}

/* Whoever tests it, whichever way, is trusted. */
static bool is_tested(const struct number *number)
{
	const struct function *fn = number->fn;
	const char *name = number->bound.name;

	for (unsigned int i = 1; i < fn->nr_nodes; i++) {
		const struct node *node = &fn->nodes[i];
		const char *text = object_of(number->asked->flow, fn->file, node->span);

		if (!has_word(text, name))
			continue;
		if (node->kind == NODE_TEST || strchr(text, '?') || is_switch(fn, node, name))
			return true;
		for (unsigned int c = 0; c < node->nr_calls; c++)
			if (is_cut(&node->calls[c], name))
				return true;
	}
	return false;
}

/* How many elements the array member of that name has; -1: not known, or two differ. */
static long long length_of(struct flow *flow, const char *name)
{
	long long length = -1;

	for (size_t i = 0; i < flow->nr_records; i++)
		for (unsigned int m = 0; m < flow->records[i].count; m++) {
			const struct member *member = &flow->records[i].members[m];
			long long here;

			if (member->name != name)
				continue;
			if (!member->array)
				return -1;
			here = most_of(flow, flow->records[i].file, member->length, NULL);
			if (here <= 0 || (length >= 0 && here != length))
				return -1;
			length = here;
		}
	return length;
}

static void check_subscript(const struct number *number, unsigned int open)
{
	struct flow *flow = number->asked->flow;
	const struct file *file = number->fn->file;
	struct span inside = span_inside(file, open);
	long long most, length;

	if (open < 2 || file->tokens[open - 1].kind != TOKEN_NAME ||
	    !(token_is(file, open - 2, "->") || token_is(file, open - 2, ".")) ||
	    !has_word(span_text(flow, file, inside), number->bound.name))
		return;
	most = most_of(flow, file, inside, &number->bound);
	length = length_of(flow, token_text(flow, file, open - 1));
	if (most >= 0 && length > 0 && most >= length)
		report_line(number->asked, file, file->tokens[open].line,
			    "%s has %lld elements, and a guest's '%s' chooses one beyond them",
			    token_text(flow, file, open - 1), length, number->bound.name);
}

/* A member that is used as "[x & member]": the least array of those. */
static long long masked_length(struct flow *flow, const char *member)
{
	long long least = -1;

	for (size_t f = 0; f < flow->nr_files; f++) {
		const struct file *file = flow->files[f];

		for (unsigned int i = 2; i < file->nr_tokens; i++) {
			const char *text;
			long long length;

			if (!token_is(file, i, "[") || file->tokens[i - 1].kind != TOKEN_NAME ||
			    !file->tokens[i].match)
				continue;
			text = object_of(flow, file, span_inside(file, i));
			if (!strchr(text, '&') || !has_word(text, member))
				continue;
			length = length_of(flow, token_text(flow, file, i - 1));
			if (length > 0 && (least < 0 || length < least))
				least = length;
		}
	}
	return least;
}

/* "x->mask = (1 << n) - 1", by which an array is walked round. */
static void check_mask(const struct number *number, const struct assign *assign)
{
	struct flow *flow = number->asked->flow;
	const struct file *file = number->fn->file;
	const char *text = object_of(flow, file, assign->from);
	const char *member = object_member(flow, assign->object);
	long long length;

	if (!member || !strstr(text, "<<") || !lab_has_suffix(text, "-1") ||
	    !has_word(text, number->bound.name))
		return;
	length = masked_length(flow, member);
	if (length > 0 && (number->bound.most > 40 || 1LL << number->bound.most > length))
		report_line(number->asked, file, file->tokens[assign->at].line,
			    "a guest's '%s' makes the mask of an array of %lld elements",
			    number->bound.name, length);
}

static void check_assign(const struct number *number, const struct assign *assign)
{
	struct number next = *number;
	const struct file *file = number->fn->file;

	check_mask(number, assign);
	if (!token_is(file, assign->at, "=") || strpbrk(assign->object, ".[*") ||
	    assign->object == number->bound.name ||
	    !has_word(object_of(number->asked->flow, file, assign->from), number->bound.name))
		return;
	next.bound = (struct bound){
		assign->object, most_of(number->asked->flow, file, assign->from, &number->bound),
	};
	if (next.bound.most >= 0)
		follow(&next);
}

static void check_call(const struct number *number, const struct call *call)
{
	for (unsigned int i = 0; call->callee && i < call->count; i++) {
		struct number next = *number;

		if (call->objects[i] != number->bound.name || i >= call->callee->nr_params)
			continue;
		next.fn = call->callee;
		next.bound.name = call->callee->params[i];
		follow(&next);
	}
}

static void follow(const struct number *number)
{
	struct number next = *number;

	if (++next.depth > MAX_DEPTH || is_tested(number))
		return;
	for (unsigned int i = 1; i < number->fn->nr_nodes; i++) {
		const struct node *node = &number->fn->nodes[i];

		for (unsigned int t = node->span.first; t < node->span.end; t++)
			if (token_is(number->fn->file, t, "[") && number->fn->file->tokens[t].match)
				check_subscript(number, t);
		for (unsigned int k = 0; k < node->nr_assigns; k++)
			check_assign(&next, &node->assigns[k]);
		for (unsigned int k = 0; k < node->nr_calls; k++)
			check_call(&next, &node->calls[k]);
	}
}

/* Rows of the SDK's tables. */

struct row_of {
	struct flow *flow;
	const struct file *file;
	unsigned int at;	/* the row's name */
	struct span args[MAX_ARGS];
	unsigned int count;
};

static void read_row(struct row_of *row)
{
	struct span inside = span_inside(row->file, row->at + 1);
	unsigned int at = inside.first;

	row->count = 0;
	while (at < inside.end && row->count < MAX_ARGS) {
		unsigned int end = at;

		while (end < inside.end && !token_is(row->file, end, ","))
			end = (row->file->tokens[end].match > end ?
			       row->file->tokens[end].match : end) + 1;
		row->args[row->count++] = (struct span){ at, end };
		at = end + 1;
	}
}

static bool has_token(const struct file *file, struct span span, const char *text)
{
	for (unsigned int i = span.first; i < span.end; i++)
		if (token_is(file, i, text))
			return true;
	return false;
}

/* The most that a row lets through: of a register its mask, of a region its last byte. */
static long long row_most(struct row_of *row, bool region)
{
	unsigned int arg = 2;

	if (region)
		return row->count > 2 ? most_of(row->flow, row->file, row->args[2], NULL) - 1 : -1;
	while (arg + 1 < row->count && !token_is(row->file, row->args[arg + 1].first, "."))
		arg++;
	return arg < row->count ? most_of(row->flow, row->file, row->args[arg], NULL) : -1;
}

/* The most of all rows that have the word; -1: one of them is not known, or there is none. */
static long long most_of_rows(struct flow *flow, const char *word, bool region)
{
	long long most = -1;

	for (size_t f = 0; f < flow->nr_files; f++) {
		struct row_of row = { .flow = flow, .file = flow->files[f] };

		for (row.at = 0; row.at + 1 < row.file->nr_tokens; row.at++) {
			const struct token *token = &row.file->tokens[row.at];
			bool regs = token->kind == TOKEN_NAME && lab_has_prefix(token->at, "MDK_REG_");
			bool bar = token_is(row.file, row.at, "MDK_BAR_CALLBACK");
			long long here;

			if (!(region ? bar : regs) || !row.file->tokens[row.at + 1].match ||
			    !has_token(row.file, span_inside(row.file, row.at + 1), word))
				continue;
			read_row(&row);
			here = row_most(&row, region);
			if (here < 0)
				return -1;
			most = here > most ? here : most;
		}
	}
	return most;
}

/* The table of operations that has the function, "x_ops" of ".write = f". */
static const char *table_of(struct flow *flow, const struct function *fn)
{
	const struct file *file = fn->file;

	for (unsigned int i = 2; i + 1 < file->nr_tokens; i++) {
		unsigned int open = i;

		if (!token_is(file, i, fn->name) || !token_is(file, i - 1, "="))
			continue;
		while (open && !(token_is(file, open, "{") && file->tokens[open].match > i))
			open--;
		if (open > 2 && token_is(file, open - 1, "=") &&
		    file->tokens[open - 2].kind == TOKEN_NAME)
			return token_text(flow, file, open - 2);
	}
	return NULL;
}

static void ask_callback(const struct asked *asked, const struct function *fn, unsigned int param)
{
	bool region = !strcmp(fn->param_types[param], "mdk_region");
	const char *word = region ? table_of(asked->flow, fn) : fn->name;
	struct number number = { .asked = asked, .fn = fn };

	if (!word || param + 1 >= fn->nr_params)
		return;
	number.bound.name = fn->params[param + 1];
	number.bound.most = most_of_rows(asked->flow, word, region);
	if (number.bound.most >= 0)
		follow(&number);
}

/* What was copied from a user or a guest. */
static bool is_fetched(void *data, const struct touch *touch)
{
	struct number number = *(const struct number *)data;
	struct flow *flow = number.asked->flow;
	const struct variable *variable = variable_of(number.fn, touch->object);
	const struct record *record;

	if (!variable || variable->pointer || variable->array)
		return false;
	number.bound = (struct bound){ touch->object, ANY };
	if (!variable->is_struct) {
		follow(&number);
		return false;
	}
	record = record_of(flow, variable->type);
	for (unsigned int i = 0; record && i < record->count; i++) {
		number.bound.name = keep_fmt(flow, "%s.%s", touch->object,
					     record->members[i].name);
		follow(&number);
	}
	return false;
}

/* "x = le32_to_cpu(y)" is a guest's; "x = mdk_reg_get(dev, bar, R)" is at most what R has. */
static void ask_read(const struct asked *asked, const struct function *fn, const struct call *call)
{
	struct number number = { .asked = asked, .fn = fn, .bound = { call->result, ANY } };

	if (!call->result || strpbrk(call->result, ".[*="))
		return;
	if (!strcmp(call->name, "mdk_reg_get") && call->count > 2)
		number.bound.most = most_of_rows(asked->flow, call->objects[2], false);
	else if (!lab_has_prefix(call->name, "le") || !lab_has_suffix(call->name, "_to_cpu"))
		return;
	if (number.bound.most >= 0)
		follow(&number);
}

void ask_guest_number(const struct asked *asked)
{
	static const char *const ways[] = { "copyin", "fetch" };

	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		struct function *fn = asked->flow->functions[i];
		struct number number = { .asked = asked, .fn = fn };

		for (unsigned int p = 0; p < fn->nr_params; p++)
			if (fn->param_types[p] && fn->param_pointers[p] &&
			    (!strcmp(fn->param_types[p], "mdk_reg") ||
			     !strcmp(fn->param_types[p], "mdk_region")))
				ask_callback(asked, fn, p);
		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++)
				ask_read(asked, fn, &fn->nodes[n].calls[c]);
		for (size_t w = 0; w < LAB_ARRAY_SIZE(ways); w++)
			for (unsigned int n = 1; n < fn->nr_nodes; n++)
				node_touches(asked->flow, fn, &fn->nodes[n],
					     family_of(asked->flow, ways[w]), ROLE_USE, is_fetched,
					     &number);
	}
}
