// SPDX-License-Identifier: GPL-2.0-only
/* The most that an expression can be: constants, macros, and one number of a guest. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "values.h"

#define UNKNOWN (-1LL)
#define MAX_DEPTH 12

struct reader {
	struct flow *flow;
	const struct file *file;
	unsigned int at, end, depth;
	const struct bound *bound;
};

static long long read_sum(struct reader *reader, int level);
static long long read_operand(struct reader *reader);

static long long read_whole(struct reader reader, struct span span)
{
	long long value;

	reader.at = span.first;
	reader.end = span.end;
	if (++reader.depth > MAX_DEPTH || reader.at >= reader.end)
		return UNKNOWN;
	value = read_sum(&reader, 0);
	return reader.at == reader.end ? value : UNKNOWN;
}

/* Numbers of the kernel's headers, which are not read. */
static const struct {
	const char *name;
	long long value;
} known[] = {
	{ "PAGE_SIZE", 4096 }, { "PAGE_SHIFT", 12 }, { "U8_MAX", 0xff }, { "U16_MAX", 0xffff },
	{ "U32_MAX", 0xffffffff }, { "S8_MAX", 0x7f }, { "S16_MAX", 0x7fff },
	{ "S32_MAX", 0x7fffffff }, { "INT_MAX", 0x7fffffff }, { "UINT_MAX", 0xffffffff },
	{ "PCI_CFG_SPACE_SIZE", 256 }, { "PCI_CFG_SPACE_EXP_SIZE", 4096 },
	{ "PCI_STD_NUM_BARS", 6 }, { "VFIO_PCI_NUM_REGIONS", 9 }, { "VFIO_PCI_NUM_IRQS", 5 },
};

static long long sized(const char *name)
{
	char *end;
	long long value;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].value;
	if (strncmp(name, "SZ_", 3))
		return UNKNOWN;
	value = strtoll(name + 3, &end, 10);
	return *end == 'K' ? value << 10 : *end == 'M' ? value << 20 : *end == 'G' ? value << 30 :
	       !*end ? value : UNKNOWN;
}

/* Of an enum each name is one more than the one before. */
static long long value_of(struct reader inside, const struct constant *constant)
{
	long long value = 0;

	inside.file = constant->file;
	if (constant->body.first < constant->body.end)
		value = read_whole(inside, constant->body);
	return value < 0 ? UNKNOWN : value + constant->plus;
}

static long long read_constant(struct reader *reader)
{
	const char *name = token_text(reader->flow, reader->file, reader->at);

	for (size_t i = 0; i < reader->flow->nr_constants; i++) {
		const struct constant *constant = &reader->flow->constants[i];

		if (constant->name != name)
			continue;
		reader->at++;
		return value_of(*reader, constant);
	}
	reader->at++;
	return sized(name);
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
		return value < 0 ? UNKNOWN : ENDLESS;
	return bit ? 1LL << value : (2LL << value) - 1;
}

/* The object of the bound, as long as it is written in one piece. */
static bool read_bound(struct reader *reader)
{
	unsigned int at = reader->at;

	if (!reader->bound->name)
		return false;
	at += *reader->bound->name == '*' && token_is(reader->file, at, "*");
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

/* Members, elements and arguments of what is not known. */
static void skip_rest(struct reader *reader)
{
	const struct file *file = reader->file;

	while (reader->at < reader->end) {
		if (token_is(file, reader->at, "->") || token_is(file, reader->at, "."))
			reader->at += 2;
		else if ((token_is(file, reader->at, "[") || token_is(file, reader->at, "(")) &&
			 file->tokens[reader->at].match > reader->at)
			reader->at = file->tokens[reader->at].match + 1;
		else
			return;
	}
}

/* Arguments of a call, as spans; at is the name. */
static unsigned int read_args(const struct file *file, unsigned int at, struct span args[3])
{
	struct span inside = span_inside(file, at + 1);
	unsigned int count = 0, first = inside.first;

	for (unsigned int i = inside.first; i < inside.end && count < 2; i++) {
		if (token_is(file, i, ",")) {
			args[count++] = (struct span){ first, i };
			first = i + 1;
		} else if (file->tokens[i].match > i) {
			i = file->tokens[i].match;
		}
	}
	args[count++] = (struct span){ first, inside.end };
	return count;
}

/* How a call's most follows from that of its arguments. */
enum made { MADE_SAME, MADE_LEAST, MADE_MOST, MADE_THIRD, MADE_BELOW, MADE_QUOTIENT, MADE_SUM };

static const struct maker {
	const char *name;
	enum made made;
	unsigned int first, bits;	/* the first argument that counts; what is returned */
} makers[] = {
	{ "min", MADE_LEAST, 0, 64 }, { "min_t", MADE_LEAST, 1, 64 }, { "umin", MADE_LEAST, 0, 64 },
	{ "max", MADE_MOST, 0, 64 }, { "max_t", MADE_MOST, 1, 64 }, { "umax", MADE_MOST, 0, 64 },
	{ "clamp", MADE_THIRD, 2, 64 }, { "array_index_nospec", MADE_BELOW, 1, 64 },
	{ "le16_to_cpu", MADE_SAME, 0, 16 }, { "le32_to_cpu", MADE_SAME, 0, 32 },
	{ "le64_to_cpu", MADE_SAME, 0, 64 }, { "be16_to_cpu", MADE_SAME, 0, 16 },
	{ "be32_to_cpu", MADE_SAME, 0, 32 }, { "be64_to_cpu", MADE_SAME, 0, 64 },
	{ "cpu_to_le16", MADE_SAME, 0, 16 }, { "cpu_to_le32", MADE_SAME, 0, 32 },
	{ "ntohs", MADE_SAME, 0, 16 }, { "ntohl", MADE_SAME, 0, 32 },
	{ "READ_ONCE", MADE_SAME, 0, 64 }, { "lower_32_bits", MADE_SAME, 0, 32 },
	{ "DIV_ROUND_UP", MADE_QUOTIENT, 0, 64 }, { "roundup", MADE_SUM, 0, 64 },
	{ "ALIGN", MADE_SUM, 0, 64 }, { "round_up", MADE_SUM, 0, 64 },
};

static long long made_of_two(const struct maker *maker, long long left, long long right)
{
	switch (maker->made) {
	case MADE_LEAST:
		return left < 0 || right < 0 ? UNKNOWN : left < right ? left : right;
	case MADE_MOST:
		return left < 0 || right < 0 ? UNKNOWN : left > right ? left : right;
	case MADE_QUOTIENT:
		return left < 0 || right <= 0 ? UNKNOWN : (left + right - 1) / right;
	case MADE_SUM:
		return left < 0 || right < 0 ? UNKNOWN : left + right;
	default:
		return left;
	}
}

static long long read_made(struct reader *reader, const struct maker *maker)
{
	struct span args[3];
	unsigned int count = read_args(reader->file, reader->at, args), first = maker->first;
	long long left, right = UNKNOWN, most = maker->bits < 62 ? (1LL << maker->bits) - 1 : -1;

	reader->at = reader->file->tokens[reader->at + 1].match + 1;
	if (first >= count)
		return UNKNOWN;
	left = read_whole(*reader, args[first]);
	if (first + 1 < count)
		right = read_whole(*reader, args[first + 1]);
	/* What is cut by a constant is no more than that, whatever it was. */
	if (maker->made == MADE_LEAST && (left < 0) != (right < 0))
		left = right = left < 0 ? right : left;
	if (maker->made == MADE_BELOW)
		left = left > 0 ? left - 1 : UNKNOWN;
	left = made_of_two(maker, left, right);
	return most >= 0 && left > most ? most : left;
}

static const struct maker *maker_of(const struct file *file, unsigned int at)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(makers); i++)
		if (token_is(file, at, makers[i].name))
			return &makers[i];
	return NULL;
}

/* ARRAY_SIZE(x->y), sizeof(x->y) and sizeof(*x), for whom the function is known. */
static long long read_size(struct reader *reader)
{
	bool elements = token_is(reader->file, reader->at, "ARRAY_SIZE");
	struct span inside = span_inside(reader->file, reader->at + 1);
	const char *object = object_of(reader->flow, reader->file, inside);
	const struct function *fn = reader->bound->fn;
	bool record = token_is(reader->file, inside.first, "struct");

	reader->at = inside.end + 1;
	if (record && inside.first + 2 == inside.end)
		return size_of_record(reader->flow,
				      token_text(reader->flow, reader->file, inside.first + 1));
	if (!elements && inside.first + 1 == inside.end && is_type(reader->file, inside.first))
		return type_of_name(object, false).bits / 8;
	if (!fn)
		return UNKNOWN;
	if (!elements && *object == '*')
		return pointed_bytes(reader->flow, fn, object);
	return elements ? elements_of(reader->flow, fn, object) :
			  bytes_of(reader->flow, fn, object);
}

/* offsetofend(struct x, member) */
static long long read_end(struct reader *reader)
{
	struct span inside = span_inside(reader->file, reader->at + 1);

	reader->at = inside.end + 1;
	if (!token_is(reader->file, inside.first, "struct") || inside.first + 4 != inside.end)
		return UNKNOWN;
	return bytes_to_end_of(reader->flow,
			       token_text(reader->flow, reader->file, inside.first + 1),
			       token_text(reader->flow, reader->file, inside.end - 1));
}

/* (u8)x is no more than 255. */
static long long read_cast(struct reader *reader, unsigned int open)
{
	const char *name = token_text(reader->flow, reader->file, open + 1);
	long long most = most_of_type(type_of_name(name, true)), value;

	value = read_operand(reader);
	return token_is(reader->file, open + 2, ")") && value > most ? most : value;
}

static long long read_operand(struct reader *reader)
{
	const struct file *file = reader->file;
	unsigned int at = reader->at;
	long long value;
	char *end;

	reader->at = skip_cast(file, at, reader->end);
	if (reader->at >= reader->end)
		return UNKNOWN;
	if (reader->at > at)
		return read_cast(reader, at);
	if (token_is(file, at, "(") && file->tokens[at].match < reader->end) {
		reader->at = file->tokens[at].match + 1;
		return read_whole(*reader, span_inside(file, at));
	}
	if (file->tokens[at].kind == TOKEN_NUMBER) {
		value = strtoll(file->tokens[at].at, &end, 0);
		reader->at++;
		return value;
	}
	if (token_is(file, at, "*") && read_bound(reader))
		return reader->bound->most;
	if (file->tokens[at].kind != TOKEN_NAME)
		return UNKNOWN;
	if (token_is(file, at + 1, "(") && (token_is(file, at, "BIT") ||
	    token_is(file, at, "BIT_ULL") || token_is(file, at, "GENMASK") ||
	    token_is(file, at, "GENMASK_ULL")))
		return read_mask(reader);
	if (token_is(file, at + 1, "(") && maker_of(file, at))
		return read_made(reader, maker_of(file, at));
	if (token_is(file, at + 1, "(") && token_is(file, at, "offsetofend"))
		return read_end(reader);
	if (token_is(file, at + 1, "(") &&
	    (token_is(file, at, "ARRAY_SIZE") || token_is(file, at, "sizeof")))
		return read_size(reader);
	if (read_bound(reader))
		return reader->bound->most;
	value = read_constant(reader);
	skip_rest(reader);
	return value;
}

static long long shifted(long long left, long long right, bool up)
{
	if (right > 61)
		return up ? ENDLESS : 0;
	if (!up)
		return left >> right;
	return left > ENDLESS >> right ? ENDLESS : left << right;
}

/* Of two numbers of which neither is negative; what is taken away may be nothing. */
static long long combined(long long left, const struct token *sign, long long right)
{
	switch (*sign->at) {
	case '+':
		return left + right > ENDLESS ? ENDLESS : left + right;
	case '-':
		return left;
	case '*':
		return left && right > ENDLESS / left ? ENDLESS : left * right;
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

	if (left < 0 && level == 3 && reader->bound->at_least && reader->at < reader->end &&
	    token_is(reader->file, reader->at, "+"))
		left = 0;
	while (level < 5 && left >= 0 && reader->at < reader->end &&
	       is_sign(reader->file, reader->at, level)) {
		const struct token *sign = &reader->file->tokens[reader->at++];
		bool constant = !reader->bound->name || reader->at >= reader->end ||
				!has_word(span_text(reader->flow, reader->file,
						    (struct span){ reader->at, reader->end }),
					  reader->bound->name);
		long long right = read_sum(reader, level + 1);

		/* Whatever is added, it is no less. */
		if (right < 0 && *sign->at == '+' && reader->bound->at_least)
			right = 0;
		if (right < 0)
			return UNKNOWN;
		/* Divided, cut or lessened by a guest's number it has no most that is known. */
		if (!constant && strchr("/%-", *sign->at))
			return UNKNOWN;
		left = *sign->at == '-' && constant && left >= right ? left - right :
		       combined(left, sign, right);
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
