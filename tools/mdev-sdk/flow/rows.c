// SPDX-License-Identifier: GPL-2.0-only
/* Rows of the SDK's tables: how large a number of a guest can be that passes by them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "taint.h"

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
		unsigned int end = next_at(row->file, at, inside.end, ",");

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
long long most_of_rows(struct flow *flow, const char *word, bool region)
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
const char *table_of(struct flow *flow, const struct function *fn)
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
