// SPDX-License-Identifier: GPL-2.0-only
/*
 * array_index_nospec() of another number than the one that chooses the element: its result is not
 * used, or it was asked of a number that chooses nothing.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "questions.h"

struct masking {
	const struct asked *asked;
	const struct function *fn;
	const struct call *call;
	unsigned int node;
	const char *number, *size;	/* what was masked, and by what */
};

/* Is the number between brackets, or handed on, behind the masking. */
static bool is_used_after(const struct masking *masking, const char *name, bool brackets,
			  unsigned int *line)
{
	const struct function *fn = masking->fn;
	const struct file *file = fn->file;
	unsigned int from = file->tokens[masking->call->at + 1].match;

	for (unsigned int t = from; t < fn->body.end; t++) {
		struct span inside;

		if (!brackets && token_is(file, t, name)) {
			*line = file->tokens[t].line;
			return true;
		}
		if (!token_is(file, t, "[") || !file->tokens[t].match)
			continue;
		inside = span_inside(file, t);
		if (!says_object(object_of(masking->asked->flow, file, inside), name))
			continue;
		*line = file->tokens[t].line;
		return true;
	}
	return false;
}

/* "other >= N", where N is what the number was masked by. */
static const char *other_judged(const struct masking *masking)
{
	struct flow *flow = masking->asked->flow;
	const struct function *fn = masking->fn;

	for (unsigned int n = 1; n < fn->nr_nodes; n++) {
		const struct node *node = &fn->nodes[n];
		unsigned int first = node->span.first, line;
		const char *left;

		if (node->kind != NODE_TEST || first + 2 >= node->span.end ||
		    !(token_is(fn->file, first + 1, ">=") || token_is(fn->file, first + 1, "<")))
			continue;
		left = token_text(flow, fn->file, first);
		if (left != masking->number &&
		    object_of(flow, fn->file, (struct span){ first + 2, node->span.end }) ==
		    masking->size && is_used_after(masking, left, true, &line))
			return left;
	}
	return NULL;
}

static void tell(const struct masking *masking, unsigned int line, const char *used)
{
	if (used == masking->number)
		report_line(masking->asked, masking->fn->file, line,
			    "'%s' chooses the element, and what array_index_nospec() made of it is "
			    "not used", used);
	else
		report_line(masking->asked, masking->fn->file, line,
			    "'%s' chooses the element, and array_index_nospec() was asked of '%s'",
			    used, masking->number);
}

static void ask_masking(const struct masking *masking)
{
	const char *result = masking->call->result, *other;
	unsigned int line = call_line(masking->fn, masking->call), where;

	/* Only names of one word: of others the places are not seen. */
	if (!result || strpbrk(masking->number, ".[*(+-"))
		return;
	if (result != masking->number) {
		if (is_used_after(masking, masking->number, true, &where) &&
		    !is_used_after(masking, result, false, &line))
			tell(masking, where, masking->number);
		return;
	}
	if (is_used_after(masking, masking->number, false, &where))
		return;
	other = other_judged(masking);
	if (other && is_used_after(masking, other, true, &where))
		tell(masking, where, other);
}

void ask_nospec(const struct asked *asked)
{
	for (size_t i = 0; i < asked->flow->nr_functions; i++) {
		const struct function *fn = asked->flow->functions[i];

		for (unsigned int n = 1; !fn->macro && n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
				const struct call *call = &fn->nodes[n].calls[c];
				struct masking masking = {
					.asked = asked, .fn = fn, .call = call, .node = n,
				};

				if (strcmp(call->name, "array_index_nospec") || call->count < 2)
					continue;
				masking.number = call->objects[0];
				masking.size = call->objects[1];
				ask_masking(&masking);
			}
	}
}
