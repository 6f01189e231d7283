// SPDX-License-Identifier: GPL-2.0-only
/*
 * A region is said to have more bytes than the array that it is read from: by the case, or the
 * comparison, of its number in the function that says sizes, and in the one that reaches memory.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "values.h"

struct size {
	const char *region;	/* the constant of its number */
	long long bytes;
	const struct file *file;
	unsigned int line;
};

struct sizes {
	const struct asked *asked;
	struct size *sizes;
	unsigned int count;
};

static bool is_region(const char *text)
{
	return lab_has_suffix(text, "_REGION_INDEX") || strstr(text, "REGION");
}

/* "case X: return N", "[X] = N", "[X] = { .size = N }". */

static void add_size(struct sizes *sizes, const char *region, const struct function *fn,
		     const struct file *file, struct span span)
{
	const struct bound none = { .fn = fn };
	struct size size = {
		.region = region, .file = file, .line = file->tokens[span.first].line,
		.bytes = most_of(sizes->asked->flow, file, span, &none),
	};

	if (size.bytes <= 1)
		return;
	sizes->sizes = lab_grow(sizes->sizes, sizes->count + 1, sizeof(size));
	sizes->sizes[sizes->count++] = size;
}

static void read_case(struct sizes *sizes, const struct function *fn, const struct node *node)
{
	const char *region = object_of(sizes->asked->flow, fn->file, node->span);
	const struct node *to = &fn->nodes[past_joins(fn, node->next)];

	if (!is_region(region))
		return;
	if (to->kind == NODE_RETURN && to->span.first < to->span.end)
		add_size(sizes, region, fn, fn->file, to->span);
	for (unsigned int k = 0; to->kind == NODE_EXPR && k < to->nr_assigns; k++)
		if (has_word(to->assigns[k].object, "size"))
			add_size(sizes, region, fn, fn->file, to->assigns[k].from);
}

static void read_entry(struct sizes *sizes, const struct file *file, unsigned int open)
{
	struct flow *flow = sizes->asked->flow;
	unsigned int close = file->tokens[open].match, value = close + 2, end;
	const char *region = close ? object_of(flow, file, span_inside(file, open)) : "";
	struct span inside;

	if (!close || !is_region(region) || !token_is(file, close + 1, "="))
		return;
	if (!token_is(file, value, "{")) {
		for (end = value; end < file->nr_tokens && !token_is(file, end, ",") &&
		     !token_is(file, end, "}"); end++)
			;
		add_size(sizes, region, NULL, file, (struct span){ value, end });
		return;
	}
	inside = span_inside(file, value);
	for (unsigned int i = inside.first; i + 2 < inside.end; i++)
		if (token_is(file, i, ".") && token_is(file, i + 1, "size") &&
		    token_is(file, i + 2, "="))
			add_size(sizes, region, NULL, file, (struct span){
				 i + 3, next_at(file, i + 3, inside.end, ",") });
}

static const struct size *size_of_region(const struct sizes *sizes, const struct file *file,
					 const char *region)
{
	const struct size *found = NULL;
	bool differ;

	for (unsigned int i = 0; i < sizes->count; i++) {
		const struct size *size = &sizes->sizes[i];

		if (size->region != region || !files_near(size->file, file) ||
		    (found && found->file == file && size->file != file))
			continue;
		/* Two that differ: of two kinds of device. */
		differ = found && found->bytes != size->bytes &&
			 (found->file == file) == (size->file == file);
		if (differ)
			return NULL;
		found = size;
	}
	return found;
}

/* Where memory is reached: "array + n", "array[n]" of bytes. */

static const char *array_in(struct flow *flow, const struct function *fn, struct span span,
			    long long *bytes)
{
	for (unsigned int i = span.first + 1; i < span.end; i++) {
		unsigned int first = i;
		const char *array;
		struct declared declared;

		if (!token_is(fn->file, i, "+") && !token_is(fn->file, i, "["))
			continue;
		while (first > span.first && (fn->file->tokens[first - 1].kind == TOKEN_NAME ||
		       token_is(fn->file, first - 1, "->") || token_is(fn->file, first - 1, ".")))
			first--;
		array = object_of(flow, fn->file, (struct span){ first, i });
		if (!object_member(flow, array) || !declared_as(flow, fn, array, &declared) ||
		    !declared.what.array || declared.element ||
		    size_of_member(&declared.what) != 1)
			continue;
		*bytes = bytes_of(flow, fn, array);
		if (*bytes > 1)
			return array;
	}
	return NULL;
}

/* All of the case, or of what the comparison leads to. */
static void look_in(const struct sizes *sizes, struct function *fn, struct span scope,
		    const char *name)
{
	const struct size *size = size_of_region(sizes, fn->file, name);
	long long bytes = -1;

	for (unsigned int n = 1; size && n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];
		const char *array = NULL;

		if (node->span.first >= scope.first && node->span.first < scope.end &&
		    (node->kind == NODE_EXPR || node->kind == NODE_RETURN))
			array = array_in(sizes->asked->flow, fn, node->span, &bytes);
		if (!array || bytes >= size->bytes)
			continue;
		report_line(sizes->asked, size->file, size->line,
			    "%s is said to have %lld bytes, and %s, which %s() reaches for it, has "
			    "%lld", name, size->bytes, array, fn->name, bytes);
		return;
	}
}

/* From the colon to the next case, or the end of the switch. */
static struct span scope_of_case(const struct function *fn, const struct node *node)
{
	struct span scope = { node->span.end + 1, node->span.end + 1 };

	while (scope.end < fn->body.end && !token_is(fn->file, scope.end, "case") &&
	       !token_is(fn->file, scope.end, "default") && !token_is(fn->file, scope.end, "}"))
		scope.end = fn->file->tokens[scope.end].match > scope.end ?
			    fn->file->tokens[scope.end].match + 1 : scope.end + 1;
	return scope;
}

/* Up to the else. */
static unsigned int then_end(const struct function *fn, unsigned int at)
{
	while (at < fn->body.end && !token_is(fn->file, at, ";") && !token_is(fn->file, at, "{"))
		at = fn->file->tokens[at].match > at ? fn->file->tokens[at].match + 1 : at + 1;
	return token_is(fn->file, at, "{") ? fn->file->tokens[at].match : at;
}

/* Of "if (a && index == X)" the statement; of one with "||" nothing. */
static struct span scope_of_test(const struct function *fn, const struct node *node)
{
	const struct file *file = fn->file;
	unsigned int at = node->span.first, close;

	while (at > fn->body.first && !(token_is(file, at - 1, "(") && token_is(file, at - 2, "if")))
		at--;
	close = at > fn->body.first ? file->tokens[at - 1].match : 0;
	if (close < node->span.end || next_at(file, at, close, "||") < close)
		return (struct span){ 0, 0 };
	return (struct span){ close + 1, then_end(fn, close + 1) };
}

/* "index == X" */
static const char *compared_region(struct flow *flow, const struct function *fn,
				   const struct node *node)
{
	unsigned int at = next_at(fn->file, node->span.first, node->span.end, "==");
	const char *text;

	if (at >= node->span.end)
		return NULL;
	text = object_of(flow, fn->file, (struct span){ at + 1, node->span.end });
	return is_region(text) && *text >= 'A' && *text <= 'Z' ? text : NULL;
}

static void ask_uses(const struct sizes *sizes, struct function *fn)
{
	struct flow *flow = sizes->asked->flow;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];
		const char *name = NULL;

		if (node->kind == NODE_CASE && node->span.first < node->span.end) {
			name = object_of(flow, fn->file, node->span);
			look_in(sizes, fn, scope_of_case(fn, node), name);
		} else if (node->kind == NODE_TEST && (name = compared_region(flow, fn, node))) {
			look_in(sizes, fn, scope_of_test(fn, node), name);
		}
	}
}

void ask_region_size(const struct asked *asked)
{
	struct sizes sizes = { .asked = asked };
	const struct flow *flow = asked->flow;

	for (size_t i = 0; i < flow->nr_functions; i++)
		for (unsigned int n = 1; n < flow->functions[i]->nr_nodes; n++)
			if (flow->functions[i]->nodes[n].kind == NODE_CASE)
				read_case(&sizes, flow->functions[i],
					  &flow->functions[i]->nodes[n]);
	for (size_t f = 0; f < flow->nr_files; f++)
		for (unsigned int t = 1; t < flow->files[f]->first_macro; t++)
			if (token_is(flow->files[f], t, "[") &&
			    (token_is(flow->files[f], t - 1, "{") ||
			     token_is(flow->files[f], t - 1, ",")))
				read_entry(&sizes, flow->files[f], t);
	for (size_t i = 0; sizes.count && i < flow->nr_functions; i++)
		if (!flow->functions[i]->macro)
			ask_uses(&sizes, flow->functions[i]);
	free(sizes.sizes);
}
