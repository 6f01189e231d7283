// SPDX-License-Identifier: GPL-2.0-only
/* The most that an expression can be: constants, macros, and one number of a guest. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

#define UNKNOWN (-1LL)
#define MAX_DEPTH 12

struct reader {
	struct flow *flow;
	const struct file *file;
	unsigned int at, end, depth;
	const struct bound *bound;
};

static long long read_sum(struct reader *reader, int level);

static long long read_whole(struct reader reader, struct span span)
{
	long long value;

	reader.at = skip_cast(reader.file, span.first, span.end);
	reader.end = span.end;
	if (++reader.depth > MAX_DEPTH || reader.at >= reader.end)
		return UNKNOWN;
	value = read_sum(&reader, 0);
	return reader.at == reader.end ? value : UNKNOWN;
}

static long long sized(const char *name, unsigned int len)
{
	char *end;
	long long value;

	if (len == 9 && !strncmp(name, "PAGE_SIZE", len))
		return 4096;
	if (strncmp(name, "SZ_", 3))
		return UNKNOWN;
	value = strtoll(name + 3, &end, 10);
	return *end == 'K' ? value << 10 : *end == 'M' ? value << 20 : *end == 'G' ? value << 30 :
	       end == name + len ? value : UNKNOWN;
}

static long long read_constant(struct reader *reader)
{
	const char *name = token_text(reader->flow, reader->file, reader->at);

	for (size_t i = 0; i < reader->flow->nr_constants; i++) {
		const struct constant *constant = &reader->flow->constants[i];
		struct reader inside = *reader;

		if (constant->name != name)
			continue;
		inside.file = constant->file;
		reader->at++;
		return read_whole(inside, constant->body);
	}
	reader->at++;
	return sized(name, strlen(name));
}

/* BIT(n) and GENMASK(high, low): the most is what counts. */
static long long read_mask(struct reader *reader)
{
	bool bit = lab_has_prefix(reader->file->tokens[reader->at].at, "BIT");
	struct span inside = span_inside(reader->file, reader->at + 1);
	long long value;

	reader->at = inside.end + 1;
	for (unsigned int i = inside.first; i < inside.end; i++)
		if (token_is(reader->file, i, ","))
			inside.end = i;
	value = read_whole(*reader, inside);
	if (value < 0 || value > 61)
		return value < 0 ? UNKNOWN : 1LL << 62;
	return bit ? 1LL << value : (2LL << value) - 1;
}

/* The object of the bound, as long as it is written in one piece. */
static bool read_bound(struct reader *reader)
{
	unsigned int at = reader->at;

	if (!reader->bound->name)
		return false;
	while (at < reader->end && (reader->file->tokens[at].kind == TOKEN_NAME ||
				    token_is(reader->file, at, ".") ||
				    token_is(reader->file, at, "->")))
		at++;
	if (token_is(reader->file, at, "(") || token_is(reader->file, at, "[") ||
	    object_of(reader->flow, reader->file, (struct span){ reader->at, at }) !=
	    reader->bound->name)
		return false;
	reader->at = at;
	return true;
}

static long long read_operand(struct reader *reader)
{
	const struct file *file = reader->file;
	unsigned int at;
	long long value;
	char *end;

	reader->at = skip_cast(file, reader->at, reader->end);
	at = reader->at;
	if (at >= reader->end)
		return UNKNOWN;
	if (token_is(file, at, "(") && file->tokens[at].match < reader->end) {
		reader->at = file->tokens[at].match + 1;
		return read_whole(*reader, span_inside(file, at));
	}
	if (file->tokens[at].kind == TOKEN_NUMBER) {
		value = strtoll(file->tokens[at].at, &end, 0);
		reader->at++;
		return value;
	}
	if (file->tokens[at].kind != TOKEN_NAME)
		return UNKNOWN;
	if (token_is(file, at + 1, "(") && (token_is(file, at, "BIT") ||
	    token_is(file, at, "BIT_ULL") || token_is(file, at, "GENMASK") ||
	    token_is(file, at, "GENMASK_ULL")))
		return read_mask(reader);
	if (read_bound(reader))
		return reader->bound->most;
	return read_constant(reader);
}

static long long shifted(long long left, long long right, bool up)
{
	if (right > 61)
		return up ? 1LL << 62 : 0;
	if (!up)
		return left >> right;
	return left > (1LL << 62) >> right ? 1LL << 62 : left << right;
}

/* Of two numbers of which neither is negative; what is taken away may be nothing. */
static long long combined(long long left, const struct token *sign, long long right)
{
	switch (*sign->at) {
	case '+':
		return left + right;
	case '-':
		return left;
	case '*':
		return left && right > (1LL << 62) / left ? 1LL << 62 : left * right;
	case '/':
		return right ? left / right : UNKNOWN;
	case '%':
		return right && right - 1 < left ? right - 1 : left;
	case '&':
		return left < right ? left : right;
	case '|':
		return left + right;
	case '<':
		return shifted(left, right, true);
	default:
		return shifted(left, right, false);
	}
}

static bool is_sign(const struct file *file, unsigned int at, int level)
{
	static const char *const signs[][4] = {
		{ "|" }, { "&" }, { "<<", ">>" }, { "+", "-" }, { "*", "/", "%" },
	};

	for (int i = 0; i < 4 && signs[level][i]; i++)
		if (token_is(file, at, signs[level][i]))
			return true;
	return false;
}

static long long read_sum(struct reader *reader, int level)
{
	long long left = level == 5 ? read_operand(reader) : read_sum(reader, level + 1);

	while (level < 5 && left >= 0 && reader->at < reader->end &&
	       is_sign(reader->file, reader->at, level)) {
		const struct token *sign = &reader->file->tokens[reader->at++];
		bool constant = !reader->bound->name || reader->at >= reader->end ||
				!has_word(span_text(reader->flow, reader->file,
						    (struct span){ reader->at, reader->end }),
					  reader->bound->name);
		long long right = read_sum(reader, level + 1);

		if (right < 0)
			return UNKNOWN;
		/* What is divided or cut by a guest's number has no most that is known. */
		if (!constant && strchr("/%", *sign->at))
			return UNKNOWN;
		left = combined(left, sign, right);
	}
	return left;
}

long long most_of(struct flow *flow, const struct file *file, struct span span,
		  const struct bound *bound)
{
	static const struct bound none;
	const struct reader reader = {
		.flow = flow, .file = file, .bound = bound ? bound : &none,
	};

	return read_whole(reader, span);
}
