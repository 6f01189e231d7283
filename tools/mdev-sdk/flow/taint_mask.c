// SPDX-License-Identifier: GPL-2.0-only
/* Masks that a guest's number makes: "(1 << n) - 1", by which an array is walked round. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

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
void taint_mask(struct taint *taint, const struct assign *assign, int state)
{
	struct flow *flow = taint->run->flow;
	const struct file *file = taint->fn->file;
	const char *text = object_of(flow, file, assign->from);
	const char *member = object_member(flow, assign->object);
	long long length, most = state_most(taint->run, state);

	if (state_facts(state) & FACT_UPPER || !member || !strstr(text, "<<") || !lab_has_suffix(text, "-1") ||
	    !has_word(text, taint->name))
		return;
	length = masked_length(flow, member);
	if (length > 0 && (most > 40 || 1LL << most > length))
		taint_tell(taint, file->tokens[assign->at].line, "a guest's '%s' makes the mask of an "
			   "array of %lld elements", taint->name, length);
}

