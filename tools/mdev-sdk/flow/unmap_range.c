// SPDX-License-Identifier: GPL-2.0-only
/*
 * An unmap asks where what is pinned begins, and several pages are pinned there: one that takes
 * away the last of them goes unseen.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define DEPTH 2
#define MAX_NAMES 8

/* What a side of a comparison has. */
#define PIN_START 1U
#define PIN_END 2U
#define UNMAP_START 4U
#define UNMAP_END 8U

struct overlap {
	const struct asked *asked;
	struct function *fn;
	const char *start, *length;		/* of the unmap, by the names here */
	const char *pin;			/* the member that has where it begins */
	const char *ends[MAX_NAMES], *pin_ends[MAX_NAMES];	/* locals */
	unsigned int nr_ends, nr_pin_ends;
	unsigned int line;			/* of the first comparison */
	unsigned int seen;			/* 1: start with end, 2: end with start */
};

/* A call that gives back several pages, and the member that says from where. */
static const char *pin_given_back(struct flow *flow, const struct function *fn, unsigned int depth)
{
	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];
			const char *member = NULL;

			if (!strcmp(call->name, "vfio_unpin_pages") && call->count > 2 &&
			    strcmp(call->objects[2], "1") && !strpbrk(call->objects[1], "[+*("))
				member = object_member(flow, call->objects[1]);
			else if (call->callee && depth)
				member = pin_given_back(flow, call->callee, depth - 1);
			if (member)
				return member;
		}
	return NULL;
}

static bool says_pin(const struct overlap *overlap, const char *text)
{
	const char *hit = strstr(text, keep_fmt(overlap->asked->flow, ".%s", overlap->pin));

	return hit && has_word(hit, overlap->pin);
}

static bool says_any(const char *text, const char *const *names, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (says_object(text, names[i]))
			return true;
	return false;
}

static unsigned int side_of(const struct overlap *overlap, const char *text)
{
	unsigned int side = 0;

	if (says_any(text, overlap->pin_ends, overlap->nr_pin_ends))
		side |= PIN_END;
	else if (says_pin(overlap, text))
		side |= strchr(text, '+') && !says_object(text, overlap->start) ? PIN_END :
										  PIN_START;
	if (says_any(text, overlap->ends, overlap->nr_ends) || says_object(text, overlap->length))
		side |= UNMAP_END;
	else if (says_object(text, overlap->start))
		side |= UNMAP_START;
	return side;
}

static void gather_ends(struct overlap *overlap)
{
	struct flow *flow = overlap->asked->flow;
	const struct function *fn = overlap->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++)
		for (unsigned int k = 0; k < fn->nodes[n].nr_assigns; k++) {
			const struct assign *assign = &fn->nodes[n].assigns[k];
			const char *from = object_of(flow, fn->file, assign->from);

			if (strpbrk(assign->object, ".[*"))
				continue;
			if (says_object(from, overlap->length))
				names_add(overlap->ends, &overlap->nr_ends, MAX_NAMES,
					  assign->object);
			if (says_pin(overlap, from))
				names_add(overlap->pin_ends, &overlap->nr_pin_ends, MAX_NAMES,
					  assign->object);
		}
}

static unsigned int sign_at(const struct file *file, struct span span)
{
	for (unsigned int i = span.first; i < span.end; i++) {
		if (token_is(file, i, "<") || token_is(file, i, ">") || token_is(file, i, "<=") ||
		    token_is(file, i, ">="))
			return i;
		if (file->tokens[i].match > i)
			i = file->tokens[i].match;
	}
	return span.end;
}

/* "start - pin < size": the unmap begins inside of what is pinned. */
static bool is_distance(const struct overlap *overlap, const struct node *node)
{
	size_t len = strlen(overlap->start);

	return !strncmp(node->text, overlap->start, len) && node->text[len] == '-' &&
	       says_pin(overlap, node->text);
}

static void look_at(struct overlap *overlap, const struct node *node)
{
	const struct file *file = overlap->fn->file;
	struct flow *flow = overlap->asked->flow;
	unsigned int at = sign_at(file, node->span), left, right, both;

	if (at == node->span.end)
		return;
	left = side_of(overlap, object_of(flow, file, (struct span){ node->span.first, at }));
	right = side_of(overlap, object_of(flow, file, (struct span){ at + 1, node->span.end }));
	both = left | right;
	if (!(both & (PIN_START | PIN_END)) || !(both & (UNMAP_START | UNMAP_END)))
		return;
	if (!overlap->line)
		overlap->line = file->tokens[node->span.first].line;
	if (both & PIN_START && is_distance(overlap, node))
		overlap->seen |= 2;
	else if (both & PIN_START && both & UNMAP_END)
		overlap->seen |= 1;
	else if (both & PIN_END && both & UNMAP_START && !(both & UNMAP_END))
		overlap->seen |= 2;
}

/* The function, or one that gets both numbers, which compares. */
static void ask_function(const struct asked *asked, struct function *fn, const char *start,
			 const char *length, unsigned int depth)
{
	struct overlap overlap = { .asked = asked, .fn = fn, .start = start, .length = length };

	overlap.pin = pin_given_back(asked->flow, fn, DEPTH);
	if (overlap.pin)
		gather_ends(&overlap);
	for (unsigned int n = 1; overlap.pin && n < fn->nr_nodes; n++)
		if (fn->nodes[n].kind == NODE_TEST)
			look_at(&overlap, &fn->nodes[n]);
	if (overlap.line && (overlap.seen & 3) != 3)
		report_line(asked, fn->file, overlap.line, "an unmap finds '%s' by one end of it, "
			    "and several pages are pinned there", overlap.pin);
	for (unsigned int n = 1; depth && !overlap.line && n < fn->nr_nodes; n++)
		for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
			const struct call *call = &fn->nodes[n].calls[c];
			const char *names[2] = { NULL, NULL };

			for (unsigned int i = 0; call->callee && i < call->count &&
			     i < call->callee->nr_params; i++) {
				if (call->objects[i] == start)
					names[0] = call->callee->params[i];
				if (call->objects[i] == length)
					names[1] = call->callee->params[i];
			}
			if (names[0] && names[1])
				ask_function(asked, call->callee, names[0], names[1], depth - 1);
		}
}

static void ask_op(void *data, struct function *fn)
{
	if (fn->nr_params == 3)
		ask_function(data, fn, fn->params[1], fn->params[2], DEPTH);
}

void ask_unmap_range(const struct asked *asked)
{
	each_op(asked->flow, "dma_unmap", ask_op, (void *)asked);
}
